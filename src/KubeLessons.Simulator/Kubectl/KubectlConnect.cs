using KubeLessons.Simulator.Api.Clients;
using KubeLessons.Simulator.Hosts;
using KubeLessons.Simulator.Kubectl.Config;

namespace KubeLessons.Simulator.Kubectl;

/// <summary>Makes the client of one kubectl call: from the process' place in the network to the server of its configuration.</summary>
public delegate ApiClient KubectlConnect(Process self, ServerAccess access);
