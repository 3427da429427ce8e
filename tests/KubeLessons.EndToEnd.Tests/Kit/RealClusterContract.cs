using KubeLessons.Clusters;
using KubeLessons.Testing.Contract;

namespace KubeLessons.EndToEnd.Tests.Kit;

/// <summary>A real cluster keeps what every cluster promises.</summary>
[Trait("Category", "RealCluster")]
public sealed class RealClusterContract : ClusterContract, IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("kubelessons-state-").FullName;

    protected override TimeSpan Slack => TimeSpan.FromSeconds(2);

    public void Dispose() => Directory.Delete(_state, recursive: true);

    protected override Task<ICluster> OpenAsync(ClusterRequest request) => RealKit.Find().OpenAsync(_state, request, Token);
}
