using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Shell.Execution;

/// <summary>The open descriptors of a shell: 0 is input, 1 output, 2 errors. A closed one is not there.</summary>
internal sealed record ShellIo(ImmutableDictionary<int, TextStream> Descriptors, TextStream Closed)
{
    public TextStream In => Descriptors.GetValueOrDefault(0, Closed);

    public TextStream Out => Descriptors.GetValueOrDefault(1, Closed);

    public TextStream Err => Descriptors.GetValueOrDefault(2, Closed);

    public static ShellIo Of(TextStream input, TextStream output, TextStream error, TextStream closed) =>
        new(ImmutableDictionary<int, TextStream>.Empty.Add(0, input).Add(1, output).Add(2, error), closed);

    public ShellIo With(int descriptor, TextStream stream) => this with { Descriptors = Descriptors.SetItem(descriptor, stream) };

    public ShellIo Without(int descriptor) => this with { Descriptors = Descriptors.Remove(descriptor) };
}
