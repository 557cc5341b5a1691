using Portal.Domain.Companies;
using Portal.Web.Ui.Lists;

namespace Portal.Web.Pages.Companies;

internal static class Tones
{
    public static Tone Of(CompanyStatus status) => status switch
    {
        CompanyStatus.Active => Tone.Ok,
        CompanyStatus.Prospect => Tone.Info,
        CompanyStatus.Paused => Tone.Warn,
        CompanyStatus.Closed => Tone.Plain,
        _ => throw new InvalidOperationException($"{status} has no tone."),
    };

    public static Tone Of(Consent consent) => consent switch
    {
        Consent.Given => Tone.Ok,
        Consent.Withdrawn => Tone.Bad,
        Consent.Unknown => Tone.Plain,
        _ => throw new InvalidOperationException($"{consent} has no tone."),
    };
}
