global using System.Net;
global using Portal.Identity.Tests.Support;
global using Portal.Testing;
global using Portal.Testing.Databases;
global using Xunit;
