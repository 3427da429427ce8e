using System.Collections.Immutable;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Hosts.Tools.Etcd;
using KubeLessons.Simulator.Hosts.Tools.Resolving;
using KubeLessons.Simulator.Kubelet.Images.Programs;

namespace KubeLessons.Simulator.Kubelet.Images;

/// <summary>The repositories that the simulated registries hold. Sizes are those of the compressed images for amd64, rounded.</summary>
internal static class KnownImages
{
    public static IEnumerable<ImageRepository> All(ImagePrograms programs) =>
        [.. WebServers(), .. Shells(), .. Echoes(), .. Databases(), .. Tools(), .. Components(programs)];

    private static IEnumerable<ImageRepository> WebServers()
    {
        yield return new ImageRepository("docker.io/library/nginx", 72_188_133)
        {
            NewestVersion = "1.29.0",
            OldestVersion = "1.7",
            NamedTags = ["stable", "mainline", "alpine", "stable-alpine", "mainline-alpine", "bookworm", "perl"],
            Entrypoint = ["/docker-entrypoint.sh"],
            Command = ["nginx", "-g", "daemon off;"],
            StopSignal = ProcessSignal.Quit,
            Environment = ImmutableDictionary<string, string>.Empty.Add("NGINX_VERSION", "1.29.0"),
            Files = (files, _) =>
            {
                ImageFiles.AddDebian(files);
                files.Write("/usr/share/nginx/html/index.html", NginxProgram.WelcomePage);
                files.Write("/usr/share/nginx/html/50x.html", "<html><head><title>Error</title></head><body><h1>An error occurred.</h1></body></html>\n");
                files.Write(NginxConfiguration.Directory + "/default.conf", NginxConfiguration.Default);
            },
            Programs = (table, version) =>
            {
                var nginx = new NginxProgram(version.Count(letter => letter == '.') < 2 ? version + ".0" : version);
                table.Add("docker-entrypoint.sh", nginx.EntrypointMain);
                table.Add("nginx", nginx.Main);
            },
        };
        yield return new ImageRepository("docker.io/library/httpd", 62_138_893)
        {
            NewestVersion = "2.4.63",
            OldestVersion = "2.2",
            NamedTags = ["alpine", "bookworm"],
            Command = ["httpd-foreground"],
            WorkingDirectory = "/usr/local/apache2",
            Files = (files, _) =>
            {
                ImageFiles.AddDebian(files);
                files.Write(HttpdProgram.Root + "/index.html", HttpdProgram.WelcomePage);
            },
            Programs = (table, version) =>
            {
                var httpd = new HttpdProgram(version);
                table.Add("httpd-foreground", httpd.Main);
                table.Add("httpd", httpd.Main);
            },
        };
    }

    private static IEnumerable<ImageRepository> Shells()
    {
        yield return Shell("docker.io/library/busybox", 2_156_519, "1.37.0") with { NamedTags = ["stable", "musl", "glibc", "uclibc"] };
        yield return Shell("docker.io/library/alpine", 3_642_247, "3.22.0") with
        {
            Command = ["/bin/sh"],
            NamedTags = ["edge"],
            Files = ImageFiles.AddAlpine,
        };
        yield return Shell("docker.io/library/debian", 48_480_412, "12.11") with
        {
            Userland = Userland.Debian,
            Command = ["bash"],
            NamedTags = ["bookworm", "bookworm-slim", "stable", "stable-slim", "bullseye", "bullseye-slim"],
            Files = (files, _) => ImageFiles.AddDebian(files),
        };
        yield return Shell("docker.io/library/ubuntu", 29_715_690, "25.04") with { Userland = Userland.Debian, Command = ["/bin/bash"], NamedTags = ["noble", "jammy", "focal"] };
        yield return Shell("docker.io/library/bash", 6_100_000, "5.2.37") with { Command = ["bash"] };
        yield return Shell("docker.io/curlimages/curl", 8_300_000, "8.14.1") with { Entrypoint = ["/entrypoint.sh"], Command = ["curl"] };
        yield return Shell("docker.io/nicolaka/netshoot", 180_000_000, "0.14") with { Command = ["zsh"], Programs = BindTools(BindRelease.Alpine) };
        yield return Shell("registry.k8s.io/e2e-test-images/jessie-dnsutils", 112_000_000, "1.7") with
        {
            Userland = Userland.Debian,
            Command = ["sh"],
            Programs = BindTools(BindRelease.Jessie),
        };
        yield return Shell("registry.k8s.io/e2e-test-images/agnhost", 53_000_000, "2.53") with { Programs = BindTools(BindRelease.Alpine) };
        yield return Shell("registry.k8s.io/e2e-test-images/busybox", 2_200_000, "1.37.0");
        yield return Shell("docker.io/sysnet4admin/net-tools", 45_000_000, "1.0.0") with { Programs = BindTools(BindRelease.Alpine) };
        yield return Shell("docker.io/tutum/dnsutils", 67_000_000, "1.0.0") with { Userland = Userland.Debian, Command = ["sh"], Programs = BindTools(BindRelease.Jessie) };
    }

    private static Action<ProgramTable, string> BindTools(BindRelease release) => (programs, _) => release.AddTo(programs);

    private static IEnumerable<ImageRepository> Echoes()
    {
        yield return Web("docker.io/sysnet4admin/echo-hname", SmallPrograms.Echo(SmallPrograms.HostName));
        yield return Web("docker.io/sysnet4admin/echo-ip", SmallPrograms.Echo(SmallPrograms.Address));
        yield return Web("docker.io/hashicorp/http-echo", SmallPrograms.Echo((_, _) => "hello-world\n"));
    }

    private static IEnumerable<ImageRepository> Databases()
    {
        yield return Server("docker.io/library/redis", 45_006_722, "8.0.2", "redis-server", "Ready to accept connections tcp", 6379);
        yield return Server("docker.io/library/memcached", 31_000_000, "1.6.38", "memcached", "", 11211);
        yield return Server("docker.io/library/mongo", 286_000_000, "8.0.10", "mongod", "Waiting for connections", 27017);
        yield return Server("docker.io/library/postgres", 153_000_000, "17.5", "postgres", "database system is ready to accept connections", 5432);
        yield return Server("docker.io/library/rabbitmq", 105_000_000, "4.1.1", "rabbitmq-server", "Server startup complete", 5672);
        yield return Database("docker.io/library/mysql", 240_000_000, "9.3.0", "MySQL", "mysqld");
        yield return Database("docker.io/library/mariadb", 120_000_000, "11.8.2", "MariaDB", "mariadbd");
    }

    private static IEnumerable<ImageRepository> Tools()
    {
        yield return Shell("docker.io/polinux/stress", 4_041_495, "1.0.4") with
        {
            Command = ["stress"],
            Programs = (table, _) => table.Add("stress", SmallPrograms.Stress),
        };
        yield return Server("docker.io/library/tomcat", 200_000_000, "11.0.8", "catalina.sh", "Server startup in [1087] milliseconds", 8080);
        yield return Server("docker.io/library/python", 370_000_000, "3.13.5", "python3", "", null);
        yield return Server("docker.io/library/node", 400_000_000, "24.2.0", "node", "", null);
        yield return Server("docker.io/library/golang", 310_000_000, "1.24.4", "go", "", null);
        yield return Server("registry.k8s.io/metrics-server/metrics-server", 19_500_000, "0.7.2", "metrics-server", "Serving securely", 10250);
    }

    private static IEnumerable<ImageRepository> Components(ImagePrograms programs)
    {
        foreach (var name in (string[])["registry.k8s.io/pause", "k8s.gcr.io/pause"])
        {
            yield return new ImageRepository(name, 320_368)
            {
                NewestVersion = "3.10.1",
                Entrypoint = ["/pause"],
                Userland = Userland.None,
                Programs = (table, _) => table.Add("pause", SmallPrograms.Pause),
            };
        }

        foreach (var registry in (string[])["registry.k8s.io", "k8s.gcr.io"])
        {
            yield return Component(programs, $"{registry}/kube-apiserver", 30_075_899, "1.37.9", "kube-apiserver");
            yield return Component(programs, $"{registry}/kube-controller-manager", 27_646_507, "1.37.9", "kube-controller-manager");
            yield return Component(programs, $"{registry}/kube-scheduler", 21_782_634, "1.37.9", "kube-scheduler");
            yield return Component(programs, $"{registry}/kube-proxy", 31_891_765, "1.37.9", "kube-proxy");
            var etcd = Component(programs, $"{registry}/etcd", 58_938_593, "3.6.9", "etcd");
            yield return etcd with
            {
                Programs = (table, version) =>
                {
                    etcd.Programs(table, version);
                    new EtcdTools(version.Split('-')[0]).AddTo(table);
                },
            };
            yield return Component(programs, $"{registry}/coredns/coredns", 20_939_036, "1.13.9", "coredns") with { Entrypoint = ["/coredns"] };
            yield return Component(programs, $"{registry}/coredns", 14_200_000, "1.13.9", "coredns") with { Entrypoint = ["/coredns"] };
        }

        foreach (var name in (string[])["docker.io/flannel", "ghcr.io/flannel-io", "docker.io/flannelcni"])
        {
            yield return Component(programs, $"{name}/flannel", 32_600_000, "0.27.4", "flanneld") with { Entrypoint = ["/opt/bin/flanneld"], Userland = Userland.Busybox };
            yield return Shell($"{name}/flannel-cni-plugin", 4_900_000, "1.7.1") with
            {
                // The plugin itself, which the init container copies onto the node.
                Files = (files, _) => files.Write("/flannel", "\u007fELF", 0b111_101_101),
            };
        }
    }

    private static ImageRepository Shell(string name, long size, string newest) =>
        new(name, size) { NewestVersion = newest, Userland = Userland.Busybox, Command = ["sh"] };

    private static ImageRepository Web(string name, ProgramMain main) => new(name, 4_700_000)
    {
        Userland = Userland.Busybox,
        NamedTags = ["v1.0", "v1"],
        Entrypoint = ["echo-server"],
        Programs = (table, _) => table.Add("echo-server", main),
    };

    private static ImageRepository Server(string name, long size, string newest, string command, string greeting, int? port) =>
        new(name, size)
        {
            NewestVersion = newest,
            NamedTags = ["alpine", "slim", "bookworm"],
            Command = [command],
            Files = (files, _) => ImageFiles.AddDebian(files),
            Programs = (table, _) => table.Add(command, SmallPrograms.Server(greeting, port)),
        };

    private static ImageRepository Database(string name, long size, string newest, string product, string command) =>
        new(name, size)
        {
            NewestVersion = newest,
            Entrypoint = ["docker-entrypoint.sh"],
            Command = [command],
            Files = (files, _) => ImageFiles.AddDebian(files),
            Programs = (table, _) => table.Add("docker-entrypoint.sh", self => SmallPrograms.DatabaseEntrypoint(self, product, 3306)),
        };

    // A component that nobody supplied (a cluster without it, a test) is a program that is there and does nothing.
    private static ImageRepository Component(ImagePrograms programs, string name, long size, string newest, string command) =>
        new(name, size)
        {
            NewestVersion = newest,
            Userland = Userland.None,
            Command = [command],
            Programs = (table, _) => table.Add(command, SmallPrograms.Component(programs.Components.GetValueOrDefault(command) ?? SmallPrograms.Server("", null))),
        };
}
