using KubeLessons.Cli;

return await CommandLine.RunAsync(args, Surroundings.OfThisProcess(), CancellationToken.None).ConfigureAwait(false);
