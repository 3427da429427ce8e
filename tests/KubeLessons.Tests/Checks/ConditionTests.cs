using System.Text;
using KubeLessons.Checks;
using KubeLessons.Clusters;
using KubeLessons.Lessons;
using KubeLessons.Testing;

namespace KubeLessons.Tests.Checks;

public class ConditionTests
{
    private const string Node = """
        {"kind":"Node","metadata":{"name":"w1-k8s","labels":{"zone":"a"}},
         "spec":{"taints":[{"key":"node.kubernetes.io/unreachable","effect":"NoExecute"}]},
         "status":{"conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown"}]}}
        """;

    private const string Event = """
        {"kind":"Event","reason":"NodeNotReady","type":"Normal","message":"Node w1-k8s status is now: NodeNotReady",
         "involvedObject":{"kind":"Node","name":"w1-k8s"}}
        """;

    private const string Table = """
        NAME        READY   STATUS        RESTARTS      AGE   IP             NODE     NOMINATED NODE   READINESS GATES
        nginx-pod   1/1     Running       1 (5s ago)    10m   172.16.1.5     w1-k8s   <none>           <none>
        web-1       0/1     Terminating   0             1m    172.16.2.5     w2-k8s   <none>           <none>
        """;

    [Theory]
    [InlineData("node/w1-k8s condition=Ready=Unknown", true)]
    [InlineData("node/w1-k8s condition=Ready", false)]
    [InlineData("node/w1-k8s condition=ready=unknown", true)]
    [InlineData("node/w1-k8s taint=node.kubernetes.io/unreachable:NoExecute", true)]
    [InlineData("node/w1-k8s taint=node.kubernetes.io/unreachable:NoSchedule", false)]
    [InlineData("no/w1-k8s exists", true)]
    [InlineData("node/w9-k8s exists", false)]
    [InlineData("node/w9-k8s absent", true)]
    [InlineData("node -l zone=a count = 1", true)]
    [InlineData("node -l zone!=a count = 0", true)]
    [InlineData("pod -l 'app in (a, b)' count >= 2", true)]
    [InlineData("pod -l 'app notin (a)' count = 1", true)]
    [InlineData("pod -l '!app' count = 0", true)]
    [InlineData("pod on w1-k8s count = 1", true)]
    [InlineData("pod/a jsonpath={.status.phase}=Running", true)]
    [InlineData("pod/a jsonpath={.status.phase}!=Running", false)]
    [InlineData("pod jsonpath={.status.phase}=~^(Running|Pending)$", true)]
    [InlineData("pod condition=Ready", false)]
    [InlineData("pod/a jsonpath={.metadata.deletionTimestamp}", false)]
    [InlineData("pod/a deleting", false)]
    [InlineData("node/w1-k8s jsonpath={.status.conditions[?(@.type == \"Ready\")].reason}=NodeStatusUnknown", true)]
    [InlineData("object: {kind: Node, metadata: {name: w1-k8s}, status: {conditions: [{type: Ready, status: Unknown}]}}", true)]
    [InlineData("object: {kind: Node, metadata: {name: w1-k8s}, status: {conditions: [{type: Ready, status: \"True\"}]}}", false)]
    [InlineData("{jmespath: \"length(items[?status.phase=='Running']) == `1`\", over: pod}", true)]
    [InlineData("event NodeNotReady on node/w1-k8s", true)]
    [InlineData("event NodeNotReady on node/w2-k8s", false)]
    [InlineData("event NodeReady", false)]
    [InlineData("not event NodeReady", true)]
    [InlineData("unit w1-k8s/kubelet inactive", true)]
    [InlineData("unit w1-k8s/kubelet.service active", false)]
    [InlineData("module w1-k8s/br_netfilter loaded", true)]
    [InlineData("module w2-k8s/br_netfilter absent", true)]
    [InlineData("sysctl w1-k8s/net/ipv4/ip_forward=1", true)]
    [InlineData("iptables w1-k8s filter/INPUT has --dport 22", true)]
    [InlineData("iptables w1-k8s filter/INPUT lacks --dport 80", true)]
    [InlineData("container w1-k8s -l app=a running", true)]
    [InlineData("container w1-k8s -l app=b running", false)]
    [InlineData("container w2-k8s -l app=a running", false)]
    [InlineData("file w1-k8s:/etc/hosts contains m-k8s", true)]
    [InlineData("file w1-k8s:/etc/shadow absent", true)]
    [InlineData("exit=0", true)]
    [InlineData("exit!=0", false)]
    [InlineData("output contains Terminating", true)]
    [InlineData("output matches /^web-\\d +0/", true)]
    [InlineData("output row NAME=nginx-pod has NODE=w1-k8s", true)]
    [InlineData("output row NAME=nginx-pod has RESTARTS=1 (5s ago)", true)]
    [InlineData("output row STATUS=Terminating has NODE=w1-k8s", false)]
    [InlineData("output row NAME=~^web has READY=0/1", true)]
    public void A_condition_holds_or_not(string text, bool holds)
    {
        var finding = ConditionEvaluator.Evaluate(LessonText.Condition(text), View());

        finding.Fault.ShouldBeNull();
        finding.Holds.ShouldBe(holds);
    }

    [Theory]
    [InlineData("node/w1-k8s condition=Ready", "Ready=True", "Ready=Unknown (NodeStatusUnknown)")]
    [InlineData("pod -l app=a count = 3", "count = 3", "count = 1")]
    [InlineData("unit w1-k8s/kubelet active", "active", "inactive")]
    [InlineData("output row STATUS=Terminating has NODE=w1-k8s", "STATUS=Terminating: NODE=w1-k8s", "NODE=w2-k8s")]
    [InlineData("pod/z exists", "there", "not there")]
    public void A_finding_says_what_was_asked_for_and_what_was_there(string text, string expected, string actual)
    {
        var finding = ConditionEvaluator.Evaluate(LessonText.Condition(text), View());

        finding.Expected.ToString().ShouldBe(expected);
        finding.Actual.ToString().ShouldBe(actual);
    }

    [Fact]
    public void An_event_from_before_the_anchor_does_not_count()
    {
        var view = View() with { EventsSince = ScriptedCluster.Begin.AddSeconds(1) };

        ConditionEvaluator.Evaluate(LessonText.Condition("event NodeNotReady"), view).Holds.ShouldBeFalse();
    }

    [Fact]
    public void A_broken_expression_is_the_lessons_fault_and_not_the_learners()
    {
        var broken = LessonText.Condition("pod/a exists") is var source
            ? new JmesPathCondition(source.Source, "items[", new ResourceSelection("pod", null, null, null, null))
            : null;

        var finding = ConditionEvaluator.Evaluate(broken!, View());

        finding.Fault.ShouldNotBeNull();
        finding.Holds.ShouldBeFalse();
    }

    private static Viewpoint View()
    {
        var at = ScriptedCluster.Begin;
        var state = ClusterState.Empty;
        void Object(string resource, string ns, string name, string json) =>
            state = state.After(new ObjectChange(at, new ObjectId(resource, ns, name), new ObservedObject(new ObjectId(resource, ns, name), at, () => Encoding.UTF8.GetBytes(json)), ""));
        void Fact(string noun, string name, string value) => state = state.After(new FactChange(at, new FactId("w1-k8s", noun, name), value));
        Object("nodes", "", "w1-k8s", Node);
        Object("events", "default", "w1-k8s.1", Event);
        Object("pods", "default", "a", ScriptedCluster.Pod("a", "Running"));
        Object("pods", "default", "b", ScriptedCluster.Pod("b", "Pending", "w2-k8s"));
        Fact("unit", "kubelet", "inactive");
        Fact("module", "br_netfilter", "loaded");
        Fact("sysctl", "net.ipv4.ip_forward", "1");
        Fact("iptables", "filter/INPUT", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT");
        Fact("container", "c1", """{"name":"nginx","pod":"a","namespace":"default","labels":{"app":"a"},"state":"running"}""");
        Fact("container", "c2", """{"name":"nginx","pod":"b","namespace":"default","labels":{"app":"b"},"state":"exited"}""");
        Fact("file", "/etc/hosts", "192.168.1.10 m-k8s\n");
        return new Viewpoint(
            state, at, Variables.None, ClusterSpec.Standard.Nodes, new CommandResult(0, Table, Table, "", at, at));
    }
}
