namespace Portal.Web.Ui;

/// <summary>Words that every area shares: UiText.resx and UiText.zh-Hans.resx.</summary>
public sealed class UiText;
