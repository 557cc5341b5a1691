using Portal.Identity.Host;

return await HostCommands.RunAsync(args);
