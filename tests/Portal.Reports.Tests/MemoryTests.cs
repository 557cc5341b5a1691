using Portal.Reports.Tests.Samples;
using Xunit;

namespace Portal.Reports.Tests;

/// <summary>Live bytes of the whole process: nothing else may run meanwhile.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class WritingManyRowsTests
{
    [Theory]
    [InlineData(ReportFormat.Csv)]
    [InlineData(ReportFormat.Xlsx)]
    [InlineData(ReportFormat.Html)]
    public async Task Memory_does_not_grow_with_rows(ReportFormat format)
    {
        await MostLiveAsync(1_000);
        var few = await MostLiveAsync(10_000);
        var many = await MostLiveAsync(100_000);

        Assert.InRange(many - few, long.MinValue, 1_000_000);

        async Task<long> MostLiveAsync(int count)
        {
            long most = 0;
            await Any.Runner(new SampleReport(Rows())).RunAsync(Any.Request(format), await Any.DbAsync(), Stream.Null, null, TestContext.Current.CancellationToken);
            return most;

            IEnumerable<SampleRow> Rows()
            {
                foreach (var (i, row) in Any.Many(count).Index())
                {
                    if (i % (count / 5) == count / 10) { most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)); }
                    yield return row;
                }
            }
        }
    }
}
