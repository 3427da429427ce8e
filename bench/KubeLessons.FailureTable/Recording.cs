using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubeLessons.FailureTable;

/// <summary>What a lab showed in every experiment, as it is kept in a file.</summary>
/// <param name="Lab">What ran: the program and its version.</param>
/// <param name="Date">The day of the last run.</param>
internal sealed record Recording(string Lab, string Date, ImmutableSortedDictionary<string, ImmutableArray<Shown>> Experiments)
{
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Recording Empty(string lab, string date) =>
        new(lab, date, ImmutableSortedDictionary.Create<string, ImmutableArray<Shown>>(StringComparer.Ordinal));

    /// <summary>What the kit showed when it was last asked.</summary>
    public static Recording Kit => Parse(Resource.Read("kit.json"));

    public static Recording Parse(string json)
    {
        var root = JsonNode.Parse(json)!;
        var recording = Empty((string)root["lab"]!, (string)root["date"]!);
        return recording with
        {
            Experiments = root["experiments"]!.AsObject().ToImmutableSortedDictionary(
                each => each.Key,
                each => each.Value!.AsArray().Select(shown => new Shown((string)shown!["what"]!, (double?)shown["seconds"], (string)shown["text"]!)).ToImmutableArray(),
                StringComparer.Ordinal),
        };
    }

    public string ToJson()
    {
        var experiments = new JsonObject();
        foreach (var (name, all) in Experiments)
        {
            var array = new JsonArray();
            foreach (var shown in all)
            {
                array.Add((JsonNode)new JsonObject { ["what"] = shown.What, ["seconds"] = shown.Seconds, ["text"] = shown.Text });
            }

            experiments[name] = array;
        }

        return new JsonObject { ["lab"] = Lab, ["date"] = Date, ["experiments"] = experiments }.ToJsonString(Written) + "\n";
    }

    public Shown? Find(string experiment, string what) =>
        Experiments.TryGetValue(experiment, out var all) ? all.FirstOrDefault(shown => shown.What == what) : null;
}
