using KubeLessons.Simulator.Kubelet.Images;

namespace KubeLessons.Simulator.Tests.Kubelet.Images;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.25", "docker.io/library/nginx:1.25")]
    [InlineData("sysnet4admin/echo-ip", "docker.io/sysnet4admin/echo-ip:latest")]
    [InlineData("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10")]
    [InlineData("localhost:5000/a/b", "localhost:5000/a/b:latest")]
    public void A_short_name_is_completed(string text, string full)
    {
        ImageReference.TryParse(text, out var reference, out _).ShouldBeTrue();
        reference!.ToString().ShouldBe(full);
    }

    [Theory]
    [InlineData("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase")]
    [InlineData("nginx:", "invalid reference format")]
    [InlineData("nginx:a b", "invalid reference format")]
    [InlineData("", "invalid reference format")]
    [InlineData("-nginx", "invalid reference format")]
    [InlineData("nginx@sha256:12", "invalid reference format")]
    public void A_name_that_is_none_is_refused_with_the_parsers_words(string text, string error)
    {
        ImageReference.TryParse(text, out _, out var found).ShouldBeFalse();
        found.ShouldBe(error);
    }

    [Theory]
    [InlineData("nginx", true)]
    [InlineData("nginx:1.14.2", true)]
    [InlineData("nginx:1.16-alpine", true)]
    [InlineData("nginx:1.999", false)]
    [InlineData("nginx:no-such-tag", false)]
    [InlineData("nginxxx", false)]
    [InlineData("nosuch/image", false)]
    [InlineData("registry.k8s.io/kube-apiserver:v1.33.1", true)]
    [InlineData("registry.k8s.io/pause:3.10", true)]
    public void A_registry_has_the_tags_that_exist(string text, bool exists)
    {
        ImageReference.TryParse(text, out var reference, out _).ShouldBeTrue();
        var answer = new ImageRegistry(new World(1), new ImagePrograms()).Find(reference!);
        (answer.Image is not null).ShouldBe(exists);
        answer.Error.ShouldBe(exists ? null : $"{reference}: not found");
    }
}
