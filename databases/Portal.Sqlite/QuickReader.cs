using System.Collections;
using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Portal.Sqlite;

/// <summary>
/// Reads the values of a result's current row straight from SQLite. The provider's reader takes and releases a handle for each of three calls per value, which for a page of a
/// list costs more than SQLite's own work. Everything else is left to that reader.
/// </summary>
/// <remarks>https://sqlite.org/c3ref/column_blob.html. None of the calls waits or calls back, so that they may run without telling the garbage collector.</remarks>
internal sealed class QuickReader(SqliteDataReader reader) : DbDataReader
{
    private const int Null = 5;

    /// <summary>Without a statement SQLite answers each of the calls with nothing.</summary>
    private nint _statement = reader.Handle is { IsInvalid: false } statement ? statement.DangerousGetHandle() : 0;

    public override bool IsDBNull(int ordinal) => TypeOf(_statement, ordinal) == Null;
    public override long GetInt64(int ordinal) => NotNull(ordinal) ? WholeOf(_statement, ordinal) : reader.GetInt64(ordinal);
    public override int GetInt32(int ordinal) => NotNull(ordinal) ? checked((int)WholeOf(_statement, ordinal)) : reader.GetInt32(ordinal);
    public override bool GetBoolean(int ordinal) => NotNull(ordinal) ? WholeOf(_statement, ordinal) != 0 : reader.GetBoolean(ordinal);

    public override string GetString(int ordinal)
    {
        var text = TextOf(_statement, ordinal);
        return text == 0 ? reader.GetString(ordinal) : Marshal.PtrToStringUTF8(text, BytesOf(_statement, ordinal));
    }

    public override bool Read() => reader.Read();

    public override bool NextResult()
    {
        var more = reader.NextResult();
        _statement = more && reader.Handle is { IsInvalid: false } next ? next.DangerousGetHandle() : 0;
        return more;
    }

    public override void Close()
    {
        _statement = 0;
        reader.Close();
    }

    public override int Depth => reader.Depth;
    public override int FieldCount => reader.FieldCount;
    public override bool HasRows => reader.HasRows;
    public override bool IsClosed => reader.IsClosed;
    public override int RecordsAffected => reader.RecordsAffected;
    public override object this[int ordinal] => reader[ordinal];
    public override object this[string name] => reader[name];
    public override byte GetByte(int ordinal) => reader.GetByte(ordinal);
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => reader.GetBytes(ordinal, dataOffset, buffer, bufferOffset, length);
    public override char GetChar(int ordinal) => reader.GetChar(ordinal);
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => reader.GetChars(ordinal, dataOffset, buffer, bufferOffset, length);
    public override string GetDataTypeName(int ordinal) => reader.GetDataTypeName(ordinal);
    public override DateTime GetDateTime(int ordinal) => reader.GetDateTime(ordinal);
    public override decimal GetDecimal(int ordinal) => reader.GetDecimal(ordinal);
    public override double GetDouble(int ordinal) => reader.GetDouble(ordinal);
    public override IEnumerator GetEnumerator() => reader.GetEnumerator();
    public override Type GetFieldType(int ordinal) => reader.GetFieldType(ordinal);
    public override T GetFieldValue<T>(int ordinal) => reader.GetFieldValue<T>(ordinal);
    public override float GetFloat(int ordinal) => reader.GetFloat(ordinal);
    public override Guid GetGuid(int ordinal) => reader.GetGuid(ordinal);
    public override short GetInt16(int ordinal) => reader.GetInt16(ordinal);
    public override string GetName(int ordinal) => reader.GetName(ordinal);
    public override int GetOrdinal(string name) => reader.GetOrdinal(name);
    public override Stream GetStream(int ordinal) => reader.GetStream(ordinal);
    public override object GetValue(int ordinal) => reader.GetValue(ordinal);
    public override int GetValues(object[] values) => reader.GetValues(values);

    protected override void Dispose(bool disposing)
    {
        _statement = 0;
        if (disposing) { reader.Dispose(); }
        base.Dispose(disposing);
    }

    /// <summary>What is not there is the provider's to refuse, in its words.</summary>
    private bool NotNull(int ordinal) => TypeOf(_statement, ordinal) != Null;

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static extern int TypeOf(nint statement, int ordinal);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_int64")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static extern long WholeOf(nint statement, int ordinal);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_text")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static extern nint TextOf(nint statement, int ordinal);

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_column_bytes")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [SuppressGCTransition]
    private static extern int BytesOf(nint statement, int ordinal);
}
