using System.Collections.Immutable;

namespace KubeLessons.Simulator.Kubectl.Flags;

/// <summary>Flags that several commands share, as kubectl 1.33 declares them.</summary>
internal static class CommonFlags
{
    /// <summary><c>kubectl options</c>: they work with every command.</summary>
    public static readonly ImmutableArray<FlagSpec> Global =
    [
        FlagSpec.Text("as"), FlagSpec.Array("as-group"), FlagSpec.Text("as-uid"), FlagSpec.Text("cache-dir"),
        FlagSpec.Text("certificate-authority"), FlagSpec.Text("client-certificate"), FlagSpec.Text("client-key"), FlagSpec.Text("cluster"),
        FlagSpec.Text("context"), FlagSpec.Switch("disable-compression"), FlagSpec.Switch("help", 'h'), FlagSpec.Switch("insecure-skip-tls-verify"),
        FlagSpec.Text("kubeconfig"), FlagSpec.Duration("log-flush-frequency", "5s"), FlagSpec.Switch("match-server-version"),
        FlagSpec.Text("namespace", 'n'), FlagSpec.Text("password"), FlagSpec.Text("profile", value: "none"), FlagSpec.Text("profile-output", value: "profile.pprof"),
        FlagSpec.Text("request-timeout", value: "0"), FlagSpec.Text("server", 's'), FlagSpec.Text("tls-server-name"), FlagSpec.Text("token"),
        FlagSpec.Text("user"), FlagSpec.Text("username"), FlagSpec.Int("v", 'v'), FlagSpec.Text("vmodule"), FlagSpec.Switch("warnings-as-errors"),
    ];

    public static readonly FlagSpec Selector = FlagSpec.Text("selector", 'l');

    public static readonly FlagSpec FieldSelector = FlagSpec.Text("field-selector");

    public static readonly FlagSpec All = FlagSpec.Switch("all");

    public static readonly FlagSpec AllNamespaces = FlagSpec.Switch("all-namespaces", 'A');

    public static readonly FlagSpec ChunkSize = FlagSpec.Int("chunk-size", value: 500);

    /// <summary>Bare <c>--dry-run</c> is the deprecated form that kubectl still reads.</summary>
    public static readonly FlagSpec DryRun = FlagSpec.Text("dry-run", value: "none") with { Bare = "unchanged" };

    public static readonly FlagSpec Cascade = FlagSpec.Text("cascade", value: "background") with { Bare = "background" };

    public static readonly FlagSpec Validate = FlagSpec.Text("validate", value: "strict") with { Bare = "strict" };

    public static readonly FlagSpec SaveConfig = FlagSpec.Switch("save-config");

    public static readonly FlagSpec Output = FlagSpec.Text("output", 'o');

    public static readonly FlagSpec Timeout = FlagSpec.Duration("timeout");

    public static readonly ImmutableArray<FlagSpec> Files =
        [FlagSpec.List("filename", 'f'), FlagSpec.Text("kustomize", 'k'), FlagSpec.Switch("recursive", 'R')];

    public static readonly ImmutableArray<FlagSpec> Print =
        [Output, FlagSpec.Text("template"), FlagSpec.Switch("allow-missing-template-keys", on: true), FlagSpec.Switch("show-managed-fields")];

    public static FlagSpec FieldManager(string name) => FlagSpec.Text("field-manager", value: name);
}
