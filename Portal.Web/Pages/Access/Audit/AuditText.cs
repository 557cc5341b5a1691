namespace Portal.Web.Pages.Access.Audit;

/// <summary>The words of the audit trail: kinds of records, acts, doors and fields.</summary>
public sealed class AuditText;
