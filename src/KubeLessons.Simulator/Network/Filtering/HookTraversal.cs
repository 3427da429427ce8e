using KubeLessons.Simulator.Network.Tracking;
using KubeLessons.Simulator.Network.Walking;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>The order of things at each hook: raw, connection tracking, mangle, nat for destinations, filter, nat for sources.</summary>
internal static class HookTraversal
{
    public static Verdict Run(FilterPass pass)
    {
        var tables = pass.Host.Netfilter;
        var verdict = Verdict.Accept;
        if (pass.Hook is Hook.PreRouting or Hook.Output)
        {
            verdict = tables.Raw.Traverse(pass);
            if (verdict == Verdict.Accept)
            {
                pass.Host.Conntrack.Track(pass.Buffer, pass.Now, pass.Host.Sysctls);
                if (pass.Buffer.Entry is { } entry)
                    pass.Walk.Way?.Refresh(entry, pass.Buffer.At);
            }
        }
        if (verdict == Verdict.Accept)
            verdict = Rerouting(pass, tables.Mangle.Traverse);
        if (verdict == Verdict.Accept && pass.Hook is (Hook.PreRouting or Hook.Output))
            verdict = Rerouting(pass, static pass => Translate(pass, Translation.Destination));
        if (verdict == Verdict.Accept && pass.Hook is (Hook.Input or Hook.Forward or Hook.Output))
            verdict = tables.Filter.Traverse(pass);
        if (verdict == Verdict.Accept && pass.Hook is (Hook.Input or Hook.Forward or Hook.Output))
            verdict = tables.Security.Traverse(pass);
        if (verdict == Verdict.Accept && pass.Hook is (Hook.Input or Hook.PostRouting))
        {
            verdict = Translate(pass, Translation.Source);
            if (verdict == Verdict.Accept && !pass.Host.Conntrack.Confirm(pass.Buffer, pass.Now, pass.Host.Sysctls))
                verdict = Verdict.Drop;
        }
        return verdict;
    }

    // On OUTPUT a changed packet needs another route at once; without one it ends there (ip_route_me_harder).
    private static Verdict Rerouting(FilterPass pass, Func<FilterPass, Verdict> step)
    {
        var buffer = pass.Buffer;
        var (source, destination, mark) = (buffer.Packet.Source, buffer.Packet.Destination, buffer.Mark);
        var verdict = step(pass);
        if (verdict == Verdict.Accept && pass.Hook == Hook.Output && (source, destination, mark) != (buffer.Packet.Source, buffer.Packet.Destination, buffer.Mark) &&
            IpLayer.Route(pass.Host, buffer) != Errno.None)
            return Verdict.Drop;
        return verdict;
    }

    private static Verdict Translate(FilterPass pass, Translation what)
    {
        var buffer = pass.Buffer;
        // What conntrack does not know, or calls invalid, passes untranslated: answers that skip it arrive with the wrong address.
        if (buffer.Entry is not { } entry)
            return Verdict.Accept;
        var isNew = buffer.State == TrackingState.New || (buffer.State == TrackingState.Related && !buffer.Packet.IsIcmpError);
        if (isNew && !entry.Decided(what))
        {
            var verdict = pass.Host.Netfilter.Nat.Traverse(pass);
            if (verdict != Verdict.Accept)
                return verdict;
            if (!entry.Decided(what))
                AddressTranslation.Decide(pass.Host, entry, what, null, pass.Now);
        }
        var before = buffer.Packet;
        var after = AddressTranslation.Apply(buffer, what);
        if (after != before)
        {
            pass.Walk.Record(buffer, HopKind.Translated, pass.Host, pass.In, pass.Out, after);
            buffer.Packet = after;
        }
        return Verdict.Accept;
    }
}
