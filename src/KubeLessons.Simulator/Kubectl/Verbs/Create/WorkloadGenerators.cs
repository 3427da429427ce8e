using KubeLessons.Simulator.Documents;
using KubeLessons.Simulator.Kubectl.Flags;

namespace KubeLessons.Simulator.Kubectl.Verbs.Create;

/// <summary><c>kubectl create deployment|job|cronjob</c>.</summary>
internal static class WorkloadGenerators
{
    public static Command Deployment { get; } = new Generator(new("apps", "v1", "deployments"), true, "failed to create deployment: ", MakeDeployment).Command(
        "deployment",
        "NAME --image=image -- [COMMAND] [args...] [options]",
        "Create a deployment with the specified name",
        ["deploy"],
        FlagSpec.List("image") with { IsRequired = true },
        FlagSpec.Int("port", value: -1),
        FlagSpec.Int("replicas", 'r', 1));

    public static Command CronJob { get; } = new Generator(new("batch", "v1", "cronjobs"), true, "failed to create cronjob: ", MakeCronJob).Command(
        "cronjob",
        "NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags] [options]",
        "Create a cron job with the specified name",
        ["cj"],
        FlagSpec.Text("image") with { IsRequired = true },
        FlagSpec.Text("schedule") with { IsRequired = true },
        FlagSpec.Text("restart"));

    public static Command Job { get; } = new Generator(new("batch", "v1", "jobs"), true, "failed to create job: ", MakeJob).Command(
        "job",
        "NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...] [options]",
        "Create a job with the specified name",
        [],
        FlagSpec.Text("image"),
        FlagSpec.Text("from"));

    private static Made MakeDeployment(Invocation call, string name)
    {
        var images = call.Flags.List("image");
        var command = CommandOf(call);
        if (images.Length > 1 && command is not null)
        {
            return Made.Fault("cannot specify multiple --image options and command");
        }

        var port = call.Flags.Int("port");
        var labels = MadeObjects.Label("app", name);
        var ports = port >= 0 ? Doc.Arr(Doc.Obj(("containerPort", port))) : null;
        return MadeObjects.Object(
            "Deployment",
            "apps/v1",
            MadeObjects.Metadata(name, labels),
            ("spec", Doc.Obj(
                ("replicas", call.Flags.Int("replicas")),
                ("selector", Doc.Obj(("matchLabels", labels))),
                ("template", Doc.Obj(
                    ("metadata", MadeObjects.Metadata("", labels)),
                    ("spec", Doc.Obj(("containers", Doc.Arr(images.Select(image => (Doc)Container(MadeObjects.NameOfImage(image), image, command, ports)))))))),
                ("strategy", Doc.Empty))),
            ("status", Doc.Empty));
    }

    private static Made MakeJob(Invocation call, string name)
    {
        var image = call.Flags.Text("image");
        if (image.Length == 0)
        {
            return Made.Fault("either --image or --from must be specified");
        }

        return MadeObjects.Object("Job", "batch/v1", MadeObjects.Metadata(name), ("spec", JobSpec(name, image, CommandOf(call), "Never")), ("status", Doc.Empty));
    }

    private static Made MakeCronJob(Invocation call, string name)
    {
        var restart = call.Flags.Text("restart") is { Length: > 0 } asked ? asked : "OnFailure";
        return MadeObjects.Object(
            "CronJob",
            "batch/v1",
            MadeObjects.Metadata(name),
            ("spec", Doc.Obj(
                ("schedule", call.Flags.Text("schedule")),
                ("jobTemplate", Doc.Obj(
                    ("metadata", MadeObjects.Metadata(name)),
                    ("spec", JobSpec(name, call.Flags.Text("image"), CommandOf(call), restart)))))),
            ("status", Doc.Empty));
    }

    private static DocObject JobSpec(string name, string image, DocArray? command, string restart) => Doc.Obj(
        ("template", Doc.Obj(
            ("metadata", MadeObjects.Metadata("")),
            ("spec", Doc.Obj(
                ("containers", Doc.Arr(Container(name, image, command, null))),
                ("restartPolicy", restart))))));

    private static DocObject Container(string name, string image, DocArray? command, DocArray? ports) => Doc.Obj(
        ("name", name), ("image", image), ("command", command), ("ports", ports), ("resources", Doc.Empty));

    private static DocArray? CommandOf(Invocation call) => MadeObjects.Texts(call.Args.Skip(1));
}
