using System.Text.RegularExpressions;
using KubeLessons.Cli;

// The patterns of all lessons' checks together; the default of 15 would have them made again and again.
Regex.CacheSize = 256;
return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(), CancellationToken.None).ConfigureAwait(false);
