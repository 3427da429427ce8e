using System.Globalization;

namespace KubeLessons.Simulator.Network.Filtering;

/// <summary>Names of well-known ports as /etc/services has them: iptables reads them, and shows them unless told -n.</summary>
internal static class ServiceNames
{
    // Each entry is name:port, followed by t, u or s where only TCP, UDP or SCTP has it.
    private const string Known = """
        tcpmux:1t echo:7 discard:9 systat:11t daytime:13 netstat:15t qotd:17t chargen:19 ftp-data:20t fsp:21u ftp:21t ssh:22t telnet:23t smtp:25t time:37
        whois:43t tacacs:49 domain:53 bootps:67u bootpc:68u tftp:69u gopher:70t finger:79t http:80t kerberos:88 iso-tsap:102t acr-nema:104t poppassd:106t
        pop3:110t sunrpc:111 auth:113t nntp:119t ntp:123u epmap:135t netbios-ns:137u netbios-dgm:138u netbios-ssn:139t imap2:143t snmp:161 snmp-trap:162
        cmip-man:163 cmip-agent:164 mailq:174t xdmcp:177u bgp:179t smux:199t qmtp:209t z3950:210t ipx:213u ptp-event:319u ptp-general:320u pawserv:345t
        zserv:346t rpc2portmap:369 codaauth2:370 clearcase:371u ldap:389 svrloc:427 https:443 snpp:444t microsoft-ds:445t kpasswd:464 submissions:465t
        saft:487t isakmp:500u biff:512u exec:512t login:513t who:513u shell:514t syslog:514u printer:515t talk:517u ntalk:518u route:520u gdomap:538 uucp:540t
        klogin:543t kshell:544t dhcpv6-client:546u dhcpv6-server:547u afpovertcp:548t rtsp:554 nntps:563t submission:587t nqs:607t asf-rmcp:623u qmqp:628t
        ipp:631t ldaps:636 ldp:646 tinc:655 silc:706t kerberos-adm:749t kerberos4:750 kerberos-master:751 passwd-server:752u krb-prop:754t moira-db:775t
        moira-update:777t moira-ureg:779u spamd:783t domain-s:853 supfilesrv:871t rsync:873t ftps-data:989t ftps:990t telnets:992t imaps:993t pop3s:995t
        socks:1080t proofd:1093t rootd:1094t rmiregistry:1099t supfiledbg:1127t skkserv:1178t openvpn:1194 predict:1210u rmtcfg:1236t xtel:1313t xtelw:1314t
        lotusnote:1352t ms-sql-s:1433t ms-sql-m:1434u ingreslock:1524t datametrics:1645 sa-msg-port:1646 kermit:1649t groupwise:1677t l2f:1701u radius:1812
        radius-acct:1813 cisco-sccp:2000t nfs:2049 gnunet:2086 rtcm-sc104:2101 zephyr-srv:2102u zephyr-clt:2103u zephyr-hm:2104u gsigatekeeper:2119t
        iprop:2121t gris:2135t cvspserver:2401t venus:2430 venus-se:2431 codasrv:2432 codasrv-se:2433 mon:2583 zebrasrv:2600t zebra:2601t ripd:2602t
        ripngd:2603t ospfd:2604t bgpd:2605t ospf6d:2606t ospfapi:2607t isisd:2608t dict:2628t f5-globalsite:2792t gsiftp:2811t gpsd:2947t gds-db:3050t
        icpv2:3130u isns:3205 iscsi-target:3260t mysql:3306t ms-wbt-server:3389t nut:3493 distcc:3632t daap:3689t svn:3690t suucp:4031t sysrqd:4094t
        sieve:4190t f5-iquery:4353t epmd:4369t remctl:4373t ntske:4460t ipsec-nat-t:4500u fax:4557t hylafax:4559t iax:4569u mtn:4691t radmin-port:4899t
        munin:4949t sip:5060 sip-tls:5061 xmpp-client:5222t xmpp-server:5269t cfengine:5308t mdns:5353u postgresql:5432t rplay:5555u freeciv:5556t nrpe:5666t
        nsca:5667t amqps:5671t amqp:5672st canna:5680t x11:6000t x11-1:6001t x11-2:6002t x11-3:6003t x11-4:6004t x11-5:6005t x11-6:6006t x11-7:6007t
        gnutella-svc:6346 gnutella-rtr:6347 redis:6379t sge-qmaster:6444t sge-execd:6445t mysql-proxy:6446t syslog-tls:6514t sane-port:6566t ircd:6667t
        babel:6696u ircs-u:6697t afs3-fileserver:7000u bbs:7000t afs3-callback:7001u afs3-prserver:7002u afs3-vlserver:7003u afs3-kaserver:7004u
        afs3-volser:7005u afs3-bos:7007u afs3-update:7008u afs3-rmtsys:7009u font-service:7100t zope-ftp:8021t http-alt:8080t tproxy:8081t omniorb:8088t
        puppet:8140t clc-build-daemon:8990t xinetd:9098t bacula-dir:9101t bacula-fd:9102t bacula-sd:9103t git:9418t xmms2:9667t zope:9673t webmin:10000t
        zabbix-agent:10050t zabbix-trapper:10051t amanda:10080t kamanda:10081t amandaidx:10082t amidxtape:10083t nbd:10809t dicom:11112t hkp:11371t
        sgi-cmsd:17001u sgi-crsd:17002u sgi-gcd:17003u sgi-cad:17004t db-lsp:17500t dcap:22125t gsidcap:22128t wnn6:22273t binkp:24554t asp:27374
        csync2:30865t dircproxy:57000t tfido:60177t fido:60179t
        """;

    private static readonly List<(string Name, int Port, string Protocols)> Entries = Read();

    /// <summary>The port's name, or its number where it has none.</summary>
    public static string Name(int port, byte protocol)
    {
        var letter = protocol switch { 6 => 't', 17 => 'u', 132 => 's', _ => ' ' };
        foreach (var entry in Entries)
        {
            if (entry.Port == port && entry.Protocols.Contains(letter))
                return entry.Name;
        }
        return port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The port of a name or a number; null when it is neither.</summary>
    public static int? Port(string text)
    {
        if (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        foreach (var entry in Entries)
        {
            if (entry.Name == text)
                return entry.Port;
        }
        return null;
    }

    private static List<(string, int, string)> Read()
    {
        var entries = new List<(string, int, string)>();
        foreach (var word in Known.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = word.IndexOf(':');
            var number = word[(colon + 1)..].TrimEnd('t', 'u', 's');
            var protocols = word[(colon + 1 + number.Length)..];
            entries.Add((word[..colon], int.Parse(number, CultureInfo.InvariantCulture), protocols.Length == 0 ? "tu" : protocols));
        }
        return entries;
    }
}
