namespace KubeLessons.Simulator;

/// <summary>
/// A small generator of random numbers (SplitMix64) whose whole state is its seed, so that the same seed gives the same
/// numbers on every machine and runtime.
/// </summary>
public sealed class SeededRandom(ulong seed)
{
    /// <summary>The letters of generated names: no vowels and no look-alikes (k8s.io/apimachinery/pkg/util/rand).</summary>
    public const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    private ulong _state = seed;

    /// <summary>A 64-bit FNV-1a hash: stable across machines, unlike <see cref="object.GetHashCode"/>.</summary>
    public static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return hash;
    }

    public ulong NextUInt64()
    {
        var z = _state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A whole number from 0 up to, not including, <paramref name="below"/>.</summary>
    public int Next(int below) => (int)(NextUInt64() % (ulong)below);

    /// <summary>A number from 0 up to, not including, 1.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A version 4 UUID.</summary>
    public string NextUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, NextUInt64());
        BitConverter.TryWriteBytes(bytes[8..], NextUInt64());
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Random letters for a generated name, such as the last five of <c>web-6d4cf56db6-x2k9p</c>.</summary>
    public string NextName(int length) =>
        string.Create(length, this, static (letters, self) =>
        {
            for (var i = 0; i < letters.Length; i++)
            {
                letters[i] = NameLetters[self.Next(NameLetters.Length)];
            }
        });

    /// <summary>Random lower-case hexadecimal digits, such as a container ID.</summary>
    public string NextHex(int length) =>
        string.Create(length, this, static (digits, self) =>
        {
            for (var i = 0; i < digits.Length; i++)
            {
                digits[i] = "0123456789abcdef"[self.Next(16)];
            }
        });
}
