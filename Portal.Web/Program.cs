using Portal.Web.Commands;

return await PortalCommands.RunAsync(args);

/// <summary>Public, so that tests and benchmarks can start the whole program.</summary>
public sealed partial class Program;
