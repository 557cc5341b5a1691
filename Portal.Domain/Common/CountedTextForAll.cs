namespace Portal.Domain.Common;

public sealed partial class CountedText;
