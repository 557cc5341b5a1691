namespace Portal.Web.Pages.Exchange;

/// <summary>The words of the area: ExchangeText.resx and its translations.</summary>
public sealed class ExchangeText;
