using KubeLessons.Clusters;
using KubeLessons.RealCluster.Nodes;

namespace KubeLessons.RealCluster.Tests.Nodes;

public class NodeNamesTests
{
    private static readonly NodeNames Kind = new([("m-k8s", "kind-control-plane"), ("w1-k8s", "kind-worker"), ("w2-k8s", "kind-worker2")]);

    [Fact]
    public void A_command_is_put_into_the_clusters_words() =>
        Kind.InScript("kubectl describe node w1-k8s; kubectl get node/w2-k8s; echo w1-k8s-old").ShouldBe(
            "kubectl describe node kind-worker; kubectl get node/kind-worker2; echo w1-k8s-old");

    [Fact]
    public void A_document_is_put_into_the_lessons_words() =>
        Kind.InDocument("""{"spec":{"nodeName":"kind-worker2"},"message":"assigned default/web to kind-worker."}""").ShouldBe(
            """{"spec":{"nodeName":"w2-k8s"},"message":"assigned default/web to w1-k8s."}""");

    [Fact]
    public void The_columns_of_a_table_stay_where_they_are() =>
        Kind.InOutput("NAME                 STATUS   AGE\nkind-worker          Ready    1d\nkind-control-plane   Ready    1d\n").ShouldBe(
            "NAME                 STATUS   AGE\nw1-k8s               Ready    1d\nm-k8s                Ready    1d\n");

    [Fact]
    public void A_name_that_comes_in_two_pieces_is_told_whole()
    {
        var told = new List<string>();
        var lines = new OutputLines(Kind, chunk => told.Add(chunk.Text));

        lines.Take(new OutputChunk("on kind-wor", false));
        lines.Take(new OutputChunk("ker2\nlast kind-worker", false));
        lines.Finish();

        told.ShouldBe(["on w2-k8s\n", "last w1-k8s"]);
        lines.ToldOutput.ShouldBe("on w2-k8s\nlast w1-k8s");
    }
}
