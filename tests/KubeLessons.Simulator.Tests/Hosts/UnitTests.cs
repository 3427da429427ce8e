using KubeLessons.Simulator.Hosts;

namespace KubeLessons.Simulator.Tests.Hosts;

public sealed class UnitTests
{
    private readonly World _world = new(1);
    private readonly Host _host;

    public UnitTests()
    {
        _host = new Host(_world, "w1-k8s", "192.168.1.101");
        _host.Programs.Add("daemon", _ => [Wait.Forever]);
        _host.Programs.Add("crash", Crash);
        _host.Programs.Add("stubborn", Stubborn);
    }

    [Fact]
    public void A_unit_file_on_the_disk_is_a_unit_after_a_reload()
    {
        var unit = Install("daemon", """
            [Unit]
            Description=A daemon
            Documentation=man:daemon(8)
            After=network.target containerd.service
            [Service]
            Environment="OPTS=--a=1 --b"
            ExecStart=/usr/bin/daemon $OPTS \
              --c
            Restart=on-failure
            RestartSec=5
            [Install]
            WantedBy=multi-user.target
            Alias=dd.service
            """);
        _host.Units.Find("dd").ShouldBe(unit);
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(1));
        unit.MainProcess!.CommandLine.ShouldBe(["/usr/bin/daemon", "--a=1", "--b", "--c"]);
        (unit.State, unit.SubState).ShouldBe((UnitState.Active, "running"));
        (unit.File.EffectiveRestart, unit.File.RestartDelay).ShouldBe((RestartPolicy.OnFailure, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_drop_in_overrides_what_the_unit_file_says()
    {
        _host.Files.Write("/etc/systemd/system/daemon.service.d/10-more.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/daemon --more\n");
        Install("daemon", "[Service]\nExecStart=/usr/bin/daemon\n").File.ExecStart.ShouldBe("/usr/bin/daemon --more");
    }

    [Fact]
    public void A_unit_that_crashes_again_and_again_is_given_up_after_five_starts_within_ten_seconds()
    {
        var unit = Install("crash", "[Unit]\nDescription=It crashes\n[Service]\nExecStart=/usr/bin/crash\nRestart=always\n");
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(30));
        (unit.State, unit.Result, unit.Restarts).ShouldBe((UnitState.Failed, "exit-code", 5));
        Journal().ShouldContain("crash.service: Main process exited, code=exited, status=1/FAILURE");
        Journal().ShouldContain("crash.service: Start request repeated too quickly.");
        Journal()[^1].ShouldBe("Failed to start crash.service - It crashes.");
    }

    [Fact]
    public void A_unit_without_a_start_limit_is_started_again_for_ever()
    {
        var unit = Install("crash", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/usr/bin/crash\nRestart=always\nRestartSec=10\n");
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(95));
        unit.Restarts.ShouldBe(9);
        (unit.State, unit.SubState).ShouldBe((UnitState.Activating, "auto-restart"));
        _host.Units.Stop(unit);
        _world.Advance(TimeSpan.FromMinutes(1));
        (unit.State, unit.Restarts).ShouldBe((UnitState.Inactive, 9));
    }

    [Fact]
    public void A_killed_process_is_started_again_and_a_stopped_unit_stays_stopped()
    {
        var unit = Install("daemon", "[Service]\nExecStart=/usr/bin/daemon\nRestart=always\nRestartSec=10\n");
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(1));
        unit.MainProcess!.Send(ProcessSignal.Kill);
        _world.Advance(TimeSpan.FromSeconds(5));
        unit.State.ShouldBe(UnitState.Activating);
        _world.Advance(TimeSpan.FromSeconds(10));
        unit.State.ShouldBe(UnitState.Active);
        Journal().ShouldContain("daemon.service: Main process exited, code=killed, status=9/KILL");
        _host.Units.Stop(unit);
        _world.Advance(TimeSpan.FromHours(1));
        (unit.State, unit.Result).ShouldBe((UnitState.Inactive, "success"));
    }

    [Fact]
    public void A_process_that_ignores_TERM_is_killed_when_the_stop_timeout_is_over()
    {
        var unit = Install("stubborn", "[Service]\nExecStart=/usr/bin/stubborn\nTimeoutStopSec=7\n");
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(1));
        _host.Units.Stop(unit);
        _world.Advance(TimeSpan.FromSeconds(6.9));
        unit.State.ShouldBe(UnitState.Deactivating);
        _world.Advance(TimeSpan.FromSeconds(1));
        (unit.State, unit.Result).ShouldBe((UnitState.Failed, "signal"));
        Journal().ShouldContain("stubborn.service: State 'stop-sigterm' timed out. Killing.");
    }

    [Fact]
    public void A_program_that_is_not_installed_ends_with_status_203()
    {
        var unit = Install("ghost", "[Service]\nExecStart=/usr/bin/ghost\n");
        _host.Units.Start(unit);
        _world.Advance(TimeSpan.FromSeconds(1));
        unit.LastProcess!.ExitCode.ShouldBe(203);
        unit.State.ShouldBe(UnitState.Failed);
    }

    [Fact]
    public void After_a_power_cut_the_enabled_units_come_back_in_their_order_and_the_others_do_not()
    {
        var first = Install("zfirst", "[Service]\nExecStart=/usr/bin/daemon\n[Install]\nWantedBy=multi-user.target\n", isEnabled: true);
        var second = Install("asecond", "[Unit]\nAfter=zfirst.service\n[Service]\nExecStart=/usr/bin/daemon\n[Install]\nWantedBy=multi-user.target\n", isEnabled: true);
        var third = Install("third", "[Service]\nExecStart=/usr/bin/daemon\n[Install]\nWantedBy=multi-user.target\n");
        _host.Units.Start(third);
        _host.PowerOff();
        _world.Advance(TimeSpan.FromSeconds(10));
        third.State.ShouldBe(UnitState.Inactive);
        _host.PowerOn();
        _world.Advance(Host.KernelBootTime);
        _world.Advance(TimeSpan.FromSeconds(1));
        (first.State, second.State, third.State).ShouldBe((UnitState.Active, UnitState.Active, UnitState.Inactive));
        first.MainProcess!.Id.ShouldBeLessThan(second.MainProcess!.Id);
    }

    private Unit Install(string name, string text, bool isEnabled = false)
    {
        _host.Files.Write($"/lib/systemd/system/{name}.service", text);
        if (isEnabled)
        {
            _host.Files.Link($"/etc/systemd/system/multi-user.target.wants/{name}.service", $"/lib/systemd/system/{name}.service");
        }

        _host.Units.Reload();
        return _host.Units.Find(name).ShouldNotBeNull();
    }

    private List<string> Journal() => [.. _host.Journal.Entries.Select(entry => entry.Message)];

    private static IEnumerable<Wait> Crash(Process self)
    {
        yield return Wait.For(TimeSpan.FromMilliseconds(1));
        self.Exit(1);
    }

    private static IEnumerable<Wait> Stubborn(Process self)
    {
        self.SignalHandler = _ => true;
        yield return Wait.Forever;
    }
}
