using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Domain.Persistence;

namespace Portal.Domain.Exchange;

/// <summary>Under which key another system knows a record: what makes a second import find the first one's records.</summary>
public sealed class ExternalKey
{
    public required string Source { get; init; }
    public required string Kind { get; init; }
    public required string Key { get; init; }
    public required long RecordId { get; init; }
    /// <summary>Profile and record set that wrote it last.</summary>
    public required string Origin { get; set; }
    /// <summary>Of the values as the source gave them; a row with the same hash changes nothing and costs nothing. 0: always applied again.</summary>
    public required long Hash { get; set; }
}

internal sealed class ExternalKeyConfiguration : IEntityTypeConfiguration<ExternalKey>, ISight<ExternalKey>
{
    /// <summary>The house's own; what a key leads to is still asked of the record's own sight.</summary>
    public Sight<ExternalKey> Sight => new();

    public void Configure(EntityTypeBuilder<ExternalKey> key)
    {
        key.ToTable("external_keys");
        key.HasKey(k => new { k.Source, k.Kind, k.Key });
        key.Property(k => k.Source).HasMaxLength(60);
        key.Property(k => k.Kind).HasMaxLength(40);
        key.Property(k => k.Key).HasMaxLength(RecordMapper.MostKeyCharacters);
        key.Property(k => k.Origin).HasMaxLength(160);
    }
}
