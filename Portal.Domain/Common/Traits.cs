namespace Portal.Domain.Common;

/// <summary>Found by the global search. The index is written with the record.</summary>
public interface ISearchable
{
    long Id { get; }
    string SearchText { get; }

    /// <summary>Whose lines of the index are its own: the name of another type that reads the same records. Null: its own name.</summary>
    static virtual string? SearchedAs => null;
}

/// <summary>Its changes belong to a company's story.</summary>
public interface IOnTimeline
{
    long Id { get; }
    /// <summary>Null: nobody's story yet.</summary>
    long? TimelineCompanyId { get; }
    /// <summary>A second company whose story it belongs to; null where there is none.</summary>
    long? TimelinePartnerId => null;
    string TimelineTitle { get; }
}
