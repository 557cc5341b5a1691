using System.Buffers;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Portal.Web.Ui;

/// <summary>
/// A page goes out at once and with its length, not in the portions in which the view writes it: one packet for the system instead of several, and a view that
/// fails leaves no half page behind. Files are streamed and never pass here.
/// </summary>
public sealed class WholePage : IAsyncAlwaysRunResultFilter
{
    public async Task OnResultExecutionAsync(ResultExecutingContext context, ResultExecutionDelegate next)
    {
        if (context.Result is not (PageResult or PartialViewResult))
        {
            await next();
            return;
        }
        var response = context.HttpContext.Response;
        var body = response.Body;
        using var page = new PageBuffer();
        response.Body = page;
        try
        {
            await next();
        }
        finally
        {
            response.Body = body;
        }
        if (page.Length == 0 || response.HasStarted) { return; }
        response.ContentLength = page.Length;
        await body.WriteAsync(page.Written, context.HttpContext.RequestAborted);
    }

    /// <summary>Takes what is written and holds it in borrowed memory.</summary>
    private sealed class PageBuffer : Stream
    {
        private byte[] _bytes = ArrayPool<byte>.Shared.Rent(64 * 1024);
        private int _length;

        public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => _length;
        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.Length > _bytes.Length - _length)
            {
                var more = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, _length + buffer.Length));
                Written.Span.CopyTo(more);
                ArrayPool<byte>.Shared.Return(_bytes);
                _bytes = more;
            }
            buffer.CopyTo(_bytes.AsSpan(_length));
            _length += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
            base.Dispose(disposing);
        }
    }
}
