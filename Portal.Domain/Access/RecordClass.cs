namespace Portal.Domain.Access;

/// <summary>The kinds of record that grants and shares speak of. What hangs below a record (lines, comments, files) sees as its record.</summary>
public enum RecordClass { Company, Product, SupplierItem, Opportunity, DemandSignal, Document }

/// <summary>How a partner company stands to a record: what a rule grant needs before a record's own columns count.</summary>
public enum Relationship
{
    /// <summary>The record is the partner company itself or belongs to it.</summary>
    Self,
    /// <summary>The company supplies the product concerned.</summary>
    SupplierOf,
    /// <summary>The company sells the product or reported the figure concerned.</summary>
    DistributorOf,
    /// <summary>The opportunity is registered on the company as its partner.</summary>
    RegisteredOn,
    /// <summary>The company takes part in the programme at all: what is open to every holder of the grant's key.</summary>
    ParticipantIn,
}

/// <summary>A named projection of a record class. A higher set holds all of a lower one.</summary>
public enum FieldSet { Summary = 1, Full = 2 }

/// <summary>
/// What a grant or share allows beyond sight. <see cref="Edit"/> by a partner's person: of an opportunity the stage and the next step, of demand the own figures; it needs
/// <see cref="FieldSet.Full"/>.
/// </summary>
[Flags]
public enum GrantActions { Read = 1, Comment = 2, Edit = 4 }

/// <summary>How far staff see within a record class. The order is by width.</summary>
public enum Reach { None, Own, Team, Territory, All }
