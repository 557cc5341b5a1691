namespace Portal.Domain.Common;

/// <summary>Found by the global search. The index is written with the record.</summary>
public interface ISearchable
{
    long Id { get; }
    string SearchText { get; }
}

/// <summary>Its changes belong to a company's story.</summary>
public interface IOnTimeline
{
    long Id { get; }
    /// <summary>Null: nobody's story yet.</summary>
    long? TimelineCompanyId { get; }
    string TimelineTitle { get; }
}
