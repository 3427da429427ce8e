using KubeLessons.Simulator.Tests.Clusters;

namespace KubeLessons.Simulator.Tests.Hosts.Tools;

/// <summary>systemctl against the words and exit codes of systemd 252: state before, command, state after.</summary>
public sealed class SystemctlTests
{
    private const string Unit = """
        printf '[Unit]\nDescription=A thing\n[Service]\nExecStart=/usr/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/thing.service
        systemctl daemon-reload

        """;

    private readonly BootedCluster _cluster = new();

    [Theory]
    [InlineData("systemctl start nothing", 5, "Failed to start nothing.service: Unit nothing.service not found.\n")]
    [InlineData("systemctl stop nothing", 5, "Failed to stop nothing.service: Unit nothing.service not loaded.\n")]
    [InlineData("systemctl restart nothing", 5, "Failed to restart nothing.service: Unit nothing.service not found.\n")]
    [InlineData("systemctl status nothing", 4, "Unit nothing.service could not be found.\n")]
    [InlineData("systemctl is-active nothing", 3, "inactive\n")]
    [InlineData("systemctl is-active -q kubelet", 0, "")]
    [InlineData("systemctl is-active nothing kubelet", 0, "inactive\nactive\n")]
    [InlineData("systemctl is-failed kubelet", 1, "active\n")]
    [InlineData("systemctl is-enabled nothing", 1, "Failed to get unit file state for nothing.service: No such file or directory\n")]
    [InlineData("systemctl is-enabled kubelet", 0, "enabled\n")]
    [InlineData("systemctl cat nothing", 1, "No files found for nothing.service.\n")]
    [InlineData("systemctl kill -s FOO kubelet", 1, "Failed to parse signal string \"FOO\".\n")]
    [InlineData("systemctl foo", 1, "Unknown command verb foo.\n")]
    [InlineData("systemctl --foo", 1, "systemctl: unrecognized option '--foo'\n")]
    [InlineData("systemctl start", 1, "Too few arguments.\n")]
    [InlineData("systemctl is-active", 1, "Too few arguments.\n")]
    [InlineData("systemctl -t foo list-units", 1, "Unknown unit type or load state 'foo'.\nUse -t help to see a list of allowed values.\n")]
    [InlineData("systemctl reset-failed nothing", 1, "Failed to reset failed state of unit nothing.service: Unit nothing.service not loaded.\n")]
    [InlineData("systemctl --failed", 0, "0 loaded units listed.\n")]
    public void A_verb_says_what_it_found(string command, int code, string words) => _cluster.Run("w1-k8s", command).ShouldBe((code, words));

    [Fact]
    public void A_unit_is_started_stopped_and_killed()
    {
        Output(Unit + "systemctl start thing; systemctl is-active thing; pgrep -fc '^/usr/bin/sleep 1000'").ShouldBe("active\n1\n");
        Output("P=$(systemctl show -p MainPID --value thing); systemctl restart thing; test $P != $(systemctl show -p MainPID --value thing) && echo new").ShouldBe("new\n");
        _cluster.Run("w1-k8s", "systemctl stop thing; systemctl is-active thing; pgrep -fc '^/usr/bin/sleep 1000'").ShouldBe((1, "inactive\n0\n"));
        _cluster.Run("w1-k8s", "systemctl start thing; systemctl kill -s KILL thing; sleep 1; systemctl is-failed thing; systemctl status thing | sed -n 3p | cut -d' ' -f 1-9").ShouldBe((0, "failed\n     Active: failed (Result: signal)\n"));
        Output("systemctl --failed --no-legend; systemctl reset-failed thing; systemctl --failed").ShouldBe("● thing.service loaded failed failed A thing\n0 loaded units listed.\n");
    }

    [Fact]
    public void A_unit_is_enabled_by_a_link_and_comes_with_the_next_boot()
    {
        Output(Unit + "systemctl is-enabled thing || true; systemctl enable thing").ShouldBe(
            "disabled\nCreated symlink /etc/systemd/system/multi-user.target.wants/thing.service → /etc/systemd/system/thing.service.\n");
        Output("systemctl enable thing; systemctl is-enabled thing; ls /etc/systemd/system/multi-user.target.wants | grep thing").ShouldBe("enabled\nthing.service\n");
        _cluster.Run("w1-k8s", "reboot");
        _cluster.Wait(60);
        Output("systemctl is-active thing; systemctl disable --now thing; systemctl is-active thing || true; systemctl is-enabled thing || true").ShouldBe(
            "active\nRemoved \"/etc/systemd/system/multi-user.target.wants/thing.service\".\ninactive\ndisabled\n");
        _cluster.Run("w1-k8s", "systemctl enable nothing").ShouldBe((1, "Failed to enable unit: Unit file nothing.service does not exist.\n"));
    }

    [Fact]
    public void A_unit_without_install_section_cannot_be_enabled()
    {
        Output("printf '[Service]\\nExecStart=/usr/bin/sleep 1\\n' > /etc/systemd/system/bare.service; systemctl daemon-reload; systemctl is-enabled bare; systemctl enable bare 2>&1 | sed -n '1,5p'").ShouldBe("""
            static
            The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
            Alias= settings in the [Install] section, and DefaultInstance= for template
            units). This means they are not meant to be enabled using systemctl.
             
            Possible reasons for having this kind of units are:

            """);
    }

    [Fact]
    public void A_masked_unit_does_not_start_until_it_is_unmasked()
    {
        Output("systemctl stop chronyd; systemctl mask chronyd").ShouldStartWith("Created symlink /etc/systemd/system/");
        _cluster.Run("w1-k8s", "systemctl is-enabled chronyd").ShouldBe((1, "masked\n"));
        _cluster.Run("w1-k8s", "systemctl start chronyd").Output.ShouldEndWith(".service is masked.\n");
        Output("systemctl unmask chronyd; systemctl start chronyd; systemctl is-active chronyd").ShouldEndWith("active\n");
    }

    [Fact]
    public void What_was_edited_counts_after_a_reload_and_until_then_systemd_warns()
    {
        const string Warning = "Warning: The unit file, source configuration file or drop-ins of thing.service changed on disk. Run 'systemctl daemon-reload' to reload units.\n";
        Output(Unit + "systemctl start thing; sleep 1; sed -i s/1000/2000/ /etc/systemd/system/thing.service; systemctl show -p NeedDaemonReload thing; systemctl restart thing; pgrep -fa '^/usr/bin/sleep' | cut -d' ' -f2-")
            .ShouldBe("NeedDaemonReload=yes\n" + Warning + "/usr/bin/sleep 1000\n");
        Output("systemctl daemon-reload; systemctl restart thing; pgrep -fa '^/usr/bin/sleep' | cut -d' ' -f2-").ShouldBe("/usr/bin/sleep 2000\n");
        Output("mkdir /etc/systemd/system/thing.service.d; printf '[Service]\\nExecStart=\\nExecStart=/usr/bin/sleep 3000\\n' > /etc/systemd/system/thing.service.d/10-x.conf; systemctl status thing 2>&1 | head -1").ShouldBe(Warning);
        Output("systemctl daemon-reload; systemctl cat thing | grep -v -e '^$' -e Install -e Wanted -e '^.Unit' -e Desc").ShouldBe("""
            # /etc/systemd/system/thing.service
            [Service]
            ExecStart=/usr/bin/sleep 2000
            # /etc/systemd/system/thing.service.d/10-x.conf
            [Service]
            ExecStart=
            ExecStart=/usr/bin/sleep 3000

            """);
    }

    [Fact]
    public void The_list_of_units_is_as_wide_as_what_is_in_it()
    {
        Output("systemctl list-units 'kube*' containerd.service").ShouldBe("""
              UNIT               LOAD   ACTIVE SUB     DESCRIPTION
              containerd.service loaded active running containerd container runtime
              kubelet.service    loaded active running kubelet: The Kubernetes Node Agent

            LOAD   = Reflects whether the unit definition was properly loaded.
            ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
            SUB    = The low-level unit activation state, values depend on unit type.
            2 loaded units listed. Pass --all to see loaded but inactive units, too.
            To show all installed unit files use 'systemctl list-unit-files'.

            """);
        Output("systemctl list-units --type=service --state=running --no-legend | grep -c kubelet; systemctl list-units -t timer --no-legend | wc -l").ShouldBe("1\n0\n");
        Output("systemctl stop kubelet; systemctl list-units --all --no-legend 'kube*'; systemctl list-units --no-legend 'kube*'").ShouldBe("  kubelet.service loaded inactive dead kubelet: The Kubernetes Node Agent\n");
        Output("systemctl list-unit-files 'kube*'").ShouldBe("UNIT FILE       STATE   PRESET\nkubelet.service enabled enabled\n\n1 unit files listed.\n");
    }

    private string Output(string command) => _cluster.Output("w1-k8s", command);
}
