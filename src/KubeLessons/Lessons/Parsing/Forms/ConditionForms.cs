using static KubeLessons.Lessons.ResourceTest;

namespace KubeLessons.Lessons.Parsing.Forms;

/// <summary>The conditions that are written on one line. A row is the usage that authors see, and what a line of that form means.</summary>
internal static class ConditionForms
{
    /// <summary>The rows are tried from the top, so that of two that fit the more special one stands above.</summary>
    public static FormTable<Condition> Table { get; } = new(
        Resource("SELECTION condition=TYPE=STATUS", m => new HasCondition(m.Text("TYPE"), m.Text("STATUS"))),
        Resource("SELECTION condition=TYPE", m => new HasCondition(m.Text("TYPE"), "True")),
        Resource("SELECTION jsonpath=PATH=~PATTERN…", m => new JsonPath(m.Path(), Comparison.Matches, m.Pattern("PATTERN"))),
        Resource("SELECTION jsonpath=PATH!=VALUE…", m => new JsonPath(m.Path(), Comparison.NotEqual, m.Text("VALUE"))),
        Resource("SELECTION jsonpath=PATH=VALUE…", m => new JsonPath(m.Path(), Comparison.Equal, m.Text("VALUE"))),
        Resource("SELECTION jsonpath=PATH", m => new JsonPath(m.Path(), Comparison.Equal, null)),
        Resource("SELECTION taint=KEY=VALUE:EFFECT", m => new HasTaint(m.Text("KEY"), m.Text("VALUE"), m.Effect())),
        Resource("SELECTION taint=KEY:EFFECT", m => new HasTaint(m.Text("KEY"), null, m.Effect())),
        Resource("SELECTION exists", _ => new Exists()),
        Resource("SELECTION absent", _ => new Absent()),
        Resource("SELECTION deleting", _ => new Deleting()),
        Resource("SELECTION count SIGN NUMBER", m => new Count(m.Sign("SIGN"), m.Number("NUMBER", 0, 100_000))),
        Form("event REASON [on SELECTION]", m => new EventCondition(m.Source, m.Text("REASON"), m.OptionalSelection())),
        Form("unit NODE/UNIT active|inactive|failed", m => new UnitCondition(m.Source, m.Node(), m.Text("UNIT"), m.Chosen switch
        {
            "active" => UnitState.Active,
            "inactive" => UnitState.Inactive,
            _ => UnitState.Failed,
        })),
        Form("module NODE/MODULE loaded|absent", m => new ModuleCondition(m.Source, m.Node(), m.Text("MODULE"), m.Chosen == "loaded")),
        Form("sysctl NODE/KEY!=VALUE…", m => new SysctlCondition(m.Source, m.Node(), m.Text("KEY"), Comparison.NotEqual, m.Text("VALUE"))),
        Form("sysctl NODE/KEY=VALUE…", m => new SysctlCondition(m.Source, m.Node(), m.Text("KEY"), Comparison.Equal, m.Text("VALUE"))),
        Form("iptables NODE TABLE/CHAIN has|lacks TEXT…", m =>
            new IptablesCondition(m.Source, m.Node(), m.Text("TABLE"), m.Text("CHAIN"), m.Chosen == "has", m.Text("TEXT"))),
        Form("container NODE -l SELECTOR running|exited", m => new ContainerCondition(m.Source, m.Node(), m.Selector(), m.Chosen == "running")),
        Form("file NODE:/FILE exists|absent", m =>
            new FileCondition(m.Source, m.Node(), "/" + m.Text("FILE"), m.Chosen == "exists" ? FileTest.Exists : FileTest.Absent, null)),
        Form("file NODE:/FILE contains TEXT…", m => new FileCondition(m.Source, m.Node(), "/" + m.Text("FILE"), FileTest.Contains, m.Text("TEXT"))),
        Form("http URL from WHERE [-n NAMESPACE] = STATUS [body contains TEXT…]", m =>
            new HttpCondition(m.Source, m.Text("URL"), m.From(), new HttpOutcome.Answers(m.Number("STATUS", 100, 599), m.OptionalText("TEXT")))),
        Form("http URL from WHERE [-n NAMESPACE] fails [refused|timeout|no-route]", m =>
            new HttpCondition(m.Source, m.Text("URL"), m.From(), new HttpOutcome.Fails(m.OptionalText(FormMatch.Choice) switch
            {
                "refused" => ConnectFailure.Refused,
                "timeout" => ConnectFailure.Timeout,
                "no-route" => ConnectFailure.NoRoute,
                _ => null,
            }))),
        Form("dns NAME from WHERE [-n NAMESPACE] -> ADDRESS", m => new DnsCondition(m.Source, m.Text("NAME"), m.From(), m.Text("ADDRESS"))),
        Form("port NODE:PORT open|refused|filtered", m => new PortCondition(m.Source, m.Node(), m.Number("PORT", 1, 65535), m.Chosen switch
        {
            "open" => PortState.Open,
            "refused" => PortState.Refused,
            _ => PortState.Filtered,
        })),
        Form("exit!=CODE", m => new ExitCondition(m.Source, Comparison.NotEqual, m.Number("CODE", 0, 255))),
        Form("exit=CODE", m => new ExitCondition(m.Source, Comparison.Equal, m.Number("CODE", 0, 255))),
        Form("output contains TEXT…", m => new OutputContainsCondition(m.Source, m.Text("TEXT"))),
        Form("output matches /PATTERN/…", m => new OutputMatchesCondition(m.Source, m.Pattern("PATTERN"))),
        Form("output row CELL has TEST…", m => m.Cell("CELL") is { } row && m.Cell("TEST") is { } has ? new OutputRowCondition(m.Source, row, has) : null),
        Form("not CONDITION…", m => m.Inner("CONDITION") is { } inner ? new NotCondition(m.Source, inner) : null));

    private static Form<Condition> Form(string usage, Func<FormMatch, Condition?> build) => new(usage, build);

    private static Form<Condition> Resource(string usage, Func<FormMatch, ResourceTest> test) =>
        new(usage, match => new ResourceCondition(match.Source, match.Selection(), test(match)));
}
