using System.Text;
using Portal.Domain.Common;
using Portal.Domain.Exchange;
using Portal.Web.Exchange.Readers;

namespace Portal.Web.Tests.Exchange;

/// <summary>One file in memory; a hook can break the reading off.</summary>
internal sealed class OneFile(string text, Action<long>? atRow = null) : IImportFiles
{
    public IReadOnlyList<string> Match(string pattern) => ["rows.csv"];

    public Result<RowSet> Open(string file, SourceFormat format)
    {
        var opened = Rows.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)), format, ReadLimits.Default).Value;
        return new RowSet(opened.Header, opened.Rows.Select(r => { atRow?.Invoke(r.Row); return r; }), opened.Dispose, () => 0);
    }
}
