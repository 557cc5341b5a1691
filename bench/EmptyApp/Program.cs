using Microsoft.EntityFrameworkCore;
using Portal.Bench.Empty;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddRazorPages();
builder.Services.AddDbContext<EmptyDb>(options => options.UseSqlite($"Data Source={Path.Combine(AppContext.BaseDirectory, "empty.db")}"));
var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope()) { await scope.ServiceProvider.GetRequiredService<EmptyDb>().Database.EnsureCreatedAsync(); }
app.MapRazorPages();
await app.RunAsync();
