namespace KubeLessons.Simulator.Tests.Kubectl;

public sealed class CommandLineTests
{
    private readonly KubectlDesk _desk = new();

    [Theory]
    [InlineData("gte pods", "error: unknown command \"gte\" for \"kubectl\"\n\nDid you mean this?\n\tget\n")]
    [InlineData("xyzzy", "error: unknown command \"xyzzy\" for \"kubectl\"\n")]
    [InlineData("get --foo", "error: unknown flag: --foo\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("--foo", "error: unknown flag: --foo\nSee 'kubectl --help' for usage.\n")]
    [InlineData("get pods -Z", "error: unknown shorthand flag: 'Z' in -Z\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("get pods -wz", "error: unknown shorthand flag: 'z' in -z\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("get pods -o", "error: flag needs an argument: 'o' in -o\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("get pods --output", "error: flag needs an argument: --output\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("get pods ---x", "error: bad flag syntax: ---x\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("get pods -w=abc", "error: invalid argument \"abc\" for \"-w, --watch\" flag: strconv.ParseBool: parsing \"abc\": invalid syntax\nSee 'kubectl get --help' for usage.\n")]
    [InlineData("create deployment x --image=y -r x", "error: invalid argument \"x\" for \"-r, --replicas\" flag: strconv.ParseInt: parsing \"x\": invalid syntax\nSee 'kubectl create deployment --help' for usage.\n")]
    [InlineData("delete pod x --timeout=5x", "error: invalid argument \"5x\" for \"--timeout\" flag: time: unknown unit \"x\" in duration \"5x\"\nSee 'kubectl delete --help' for usage.\n")]
    [InlineData("run x", "error: required flag(s) \"image\" not set\n")]
    [InlineData("run --image=x", "error: NAME is required for run\nSee 'kubectl run -h' for help and examples\n")]
    [InlineData("run x --image=z --restart=foo", "error: invalid restart policy: foo\nSee 'kubectl run -h' for help and examples\n")]
    [InlineData("run x --image=z --dry-run=foo", "error: Invalid dry-run value (foo). Must be \"none\", \"server\", or \"client\".\n")]
    [InlineData("run x --image='a b'", "error: Invalid image name \"a b\": invalid reference format\n")]
    [InlineData("create", "error: must specify one of -f and -k\n")]
    [InlineData("create namespace a b", "error: exactly one NAME is required, got 2\nSee 'kubectl create namespace -h' for help and examples\n")]
    [InlineData("create cm x --from-literal=a", "error: invalid literal source a, expected key=value\n")]
    [InlineData("create svc clusterip x", "error: at least one tcp port specifier must be provided\n")]
    [InlineData("apply -f nofile.yaml", "error: the path \"nofile.yaml\" does not exist\n")]
    [InlineData("delete pods --all -l a=b", "error: setting 'all' parameter but found a non empty selector. \n")]
    [InlineData("delete pod x --force --grace-period=5", "error: --force and --grace-period greater than 0 cannot be specified together\n")]
    [InlineData("delete pod x --cascade=foo", "error: invalid cascade value (foo). Must be \"background\", \"foreground\", or \"orphan\"\n")]
    [InlineData("delete pod", "error: resource(s) were provided, but no name was specified\n")]
    [InlineData("get podz", "error: the server doesn't have a resource type \"podz\"\n")]
    [InlineData("get pod/x/y", "error: arguments in resource/name form may not have more than one slash\n")]
    [InlineData("get pod/", "error: arguments in resource/name form must have a single resource and name\n")]
    [InlineData("get pod x --all-namespaces", "error: a resource cannot be retrieved by name across all namespaces\n")]
    [InlineData("get pods -l a=b x", "error: name cannot be provided when a selector is specified\n")]
    [InlineData("get -l a=b pod/x", "error: selectors and the all flag cannot be used when passing resource/name arguments\n")]
    [InlineData("get pods -o wid", "error: unable to match a printer suitable for the output format \"wid\", allowed formats are: custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml\n")]
    [InlineData("get pods --context=x", "error: context \"x\" does not exist\n")]
    [InlineData("get pods --kubeconfig=/nope", "error: stat /nope: no such file or directory\n")]
    public void What_cannot_be_understood_is_said_in_kubectls_words(string arguments, string error)
    {
        var printed = _desk.Run(arguments);
        printed.ExitCode.ShouldBe(1);
        printed.Output.ShouldBe("");
        printed.Error.ShouldBe(error);
    }

    [Fact]
    public void Get_without_a_kind_says_what_it_needs()
    {
        var printed = _desk.Run("get");
        printed.Error.ShouldBe("""
            You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.

            error: Required resource not specified.
            Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).
            See 'kubectl get -h' for help and examples

            """);
    }

    [Fact]
    public void Commands_that_need_objects_say_how_they_may_be_named()
    {
        _desk.Run("delete").Error.ShouldBe("""
            error: You must provide one or more resources by argument or filename.
            Example resource specifications include:
               '-f rsrc.yaml'
               '--filename=rsrc.json'
               '<resource> <name>'
               '<resource>'

            """);
    }

    [Theory]
    [InlineData("-n kube-system get pods")]
    [InlineData("get -n kube-system pods")]
    [InlineData("get pods -nkube-system")]
    [InlineData("get pods -n=kube-system")]
    [InlineData("get pods --namespace kube-system")]
    [InlineData("get po --namespace=kube-system")]
    [InlineData("get pod -n kube-system -A=false")]
    public void Flags_may_stand_anywhere_and_be_written_in_every_way(string arguments) =>
        _desk.Run(arguments).ShouldBe(new Printed(0, "", "No resources found in kube-system namespace.\n"));
}
