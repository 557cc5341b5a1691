using Microsoft.EntityFrameworkCore;

namespace Portal.Bench.Empty;

/// <summary>One table, one row: the least with which Entity Framework has something to do.</summary>
public sealed class EmptyDb(DbContextOptions<EmptyDb> options) : DbContext(options)
{
    public DbSet<Greeting> Greetings => Set<Greeting>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Greeting>().HasData(new Greeting { Id = 1, Text = "hello" });
}

public sealed class Greeting
{
    public int Id { get; init; }
    public required string Text { get; init; }
}
