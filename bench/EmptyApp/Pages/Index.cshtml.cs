using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Portal.Bench.Empty.Pages;

public sealed class IndexModel(EmptyDb db) : PageModel
{
    public IReadOnlyList<Greeting> Greetings { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct) => Greetings = await db.Greetings.AsNoTracking().OrderBy(g => g.Id).ToListAsync(ct);
}
