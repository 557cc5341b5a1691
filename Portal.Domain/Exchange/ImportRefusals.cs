using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>What an import can be refused for. Values of a row, a cell or a profile fill the places of the texts.</summary>
public static class ImportRefusals
{
    // The file as a whole.
    public static readonly Refusal FileEmpty = new("import.file-empty");
    public static readonly Refusal NotText = new("import.not-text");
    public static readonly Refusal NotAWorkbook = new("import.not-a-workbook");
    public static readonly Refusal WorkbookDamaged = new("import.workbook-damaged");
    public static readonly Refusal WorkbookEncrypted = new("import.workbook-encrypted");
    public static readonly Refusal WorkbookTooLarge = new("import.workbook-too-large");
    public static readonly Refusal WorkbookUnsafe = new("import.workbook-unsafe");
    public static Refusal FileMissing(string pattern) => new("import.file-missing", RefusalKind.NotFound, Values: [pattern]);
    public static Refusal FileUnreadable(string file) => new("import.file-unreadable", Values: [file]);
    public static Refusal SheetMissing(string sheet) => new("import.sheet-missing", Values: [sheet]);
    public static Refusal EncodingUnknown(string name) => new("import.encoding-unknown", Values: [name]);
    public static Refusal ColumnMissing(string column) => new("import.column-missing", Values: [column]);
    public static Refusal TableTooLarge(string table, int most) => new("import.table-too-large", Values: [table, most]);
    public static Refusal GroupsTooMany(int most) => new("import.groups-too-many", Values: [most]);
    public static Refusal WaitingTooMany(int most) => new("import.waiting-too-many", Values: [most]);

    // The import as a whole.
    public static readonly Refusal DeliveryGone = new("import.delivery-gone", RefusalKind.NotFound);
    public static readonly Refusal ProfileBroken = new("import.profile-broken");
    public static readonly Refusal OneFile = new("import.one-file", Field: "Files");
    public static Refusal TooManyFiles(int most) => new("import.too-many-files", Field: "Files", Values: [most]);
    public static Refusal PersonUnknown(string email) => new("import.person-unknown", RefusalKind.NotFound, Values: [email]);
    public static Refusal PersonMayNot(string email) => new("import.person-may-not", Values: [email]);

    // One row.
    public static readonly Refusal QuoteNotClosed = new("import.quote-not-closed");
    public static readonly Refusal TextAfterQuote = new("import.text-after-quote");
    public static readonly Refusal RowTooLarge = new("import.row-too-large");
    public static readonly Refusal FileBreaksOff = new("import.file-breaks-off");
    public static Refusal RowTooShort(int columns, int expected) => new("import.row-too-short", Values: [columns, expected]);
    public static Refusal RowTooLong(int columns, int expected) => new("import.row-too-long", Values: [columns, expected]);
    public static readonly Refusal KeyMissing = new("import.key-missing");
    public static readonly Refusal KeyTwice = new("import.key-twice");
    public static readonly Refusal NotFoundToUpdate = new("import.not-found-to-update");
    public static readonly Refusal Taken = new("import.taken", RefusalKind.Conflict);
    /// <summary>Of a new record; what is there and out of sight is as if it were not there.</summary>
    public static readonly Refusal OutOfReach = new("import.out-of-reach");
    public static readonly Refusal OutOfSight = new("import.out-of-sight", RefusalKind.NotFound);
    public static readonly Refusal CannotChange = new("import.cannot-change");
    public static Refusal NotAllowed(string kind) => new("import.not-allowed", Values: [kind]);
    public static Refusal KeyTooLong(int most) => new("import.key-too-long", Values: [most]);

    // One value.
    public const string CellError = "import.cell-error";
    public const string NotADate = "import.not-a-date";
    public const string NotANumber = "import.not-a-number";
    public const string NotAnInteger = "import.not-an-integer";
    public const string NotABoolean = "import.not-a-boolean";
    public const string NotXml = "import.not-xml";
    public const string Undecodable = "import.undecodable";
    public const string ControlCharacter = "import.control-character";
    public const string NotInMap = "import.not-in-map";
    public const string PatternTooSlow = "import.pattern-too-slow";
    public const string OutOfRange = "import.out-of-range";
    public const string TooManyDecimals = "import.too-many-decimals";
    public const string UnknownWord = "import.unknown-word";
    public const string UnknownCurrency = "import.unknown-currency";
    public const string UnknownCountry = "import.unknown-country";
    public const string ReferenceNotFound = "import.reference-not-found";
    public const string ReferenceAmbiguous = "import.reference-ambiguous";
    public static readonly Refusal Required = new("import.required");
    public static Refusal TooLong(int most) => new("import.too-long", Values: [most]);
}
