using System.Globalization;
using System.Text;
using System.Xml;
using KubeLessons.Grading;
using KubeLessons.Texts;

namespace KubeLessons.Reports;

/// <summary>
/// A report as JUnit XML, which CI systems show: a suite for each lesson, a case for each check. Its time is cluster time.
/// </summary>
public static class JUnitReport
{
    public static string Write(IReadOnlyCollection<LessonReport> reports, Wording wording)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("testsuites");
            foreach (var report in reports)
            {
                WriteSuite(xml, report, wording);
            }

            xml.WriteEndElement();
        }

        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text + "\n";
    }

    private static void WriteSuite(XmlWriter xml, LessonReport report, Wording wording)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", report.Lesson.Id);
        xml.WriteAttributeString("tests", Number(report.Checks.Count()));
        xml.WriteAttributeString("failures", Number(report.Checks.Count(check => check.Outcome == CheckOutcome.Failed)));
        xml.WriteAttributeString("errors", Number(report.Checks.Count(check => check.Outcome == CheckOutcome.Errored)));
        xml.WriteAttributeString("skipped", Number(report.Checks.Count(check => check.Outcome == CheckOutcome.Skipped)));
        xml.WriteAttributeString("time", Seconds(report.ClusterTime));
        foreach (var step in report.Steps)
        {
            foreach (var check in step.Checks)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", $"{report.Lesson.Id}.{step.Name}");
                xml.WriteAttributeString("name", check.Check.Id);
                WriteOutcome(xml, check, wording);
                xml.WriteEndElement();
            }
        }

        xml.WriteEndElement();
    }

    private static void WriteOutcome(XmlWriter xml, CheckResult check, Wording wording)
    {
        var element = check.Outcome switch
        {
            CheckOutcome.Failed => "failure",
            CheckOutcome.Errored => "error",
            CheckOutcome.Skipped => "skipped",
            _ => null,
        };
        if (element is null)
        {
            return;
        }

        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Printable(check.Explanation?.Clause ?? check.Reason?.In(wording) ?? ""));
        xml.WriteString(Printable(string.Join('\n', TextReport.Reason(check, wording))));
        xml.WriteEndElement();
    }

    // XML 1.0 has no place for most control characters, and programs print them.
    private static string Printable(string text) =>
        string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
