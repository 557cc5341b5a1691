namespace Portal.Domain.Common;

internal sealed partial class CountedText;
