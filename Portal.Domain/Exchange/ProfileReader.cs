using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Domain.Common;

namespace Portal.Domain.Exchange;

/// <summary>A mistake in a profile, for the person who wrote it.</summary>
/// <param name="Path">Where: <c>records[2].fields.name.steps[0]</c>.</param>
/// <param name="Problem">In English, as the profile's words are.</param>
public sealed record ProfileProblem(string Path, string Problem)
{
    public override string ToString() => Path.Length == 0 ? Problem : $"{Path}: {Problem}";
}

/// <summary>Reads a profile from JSON and checks everything that can be known without the files. Format: docs/admin/import-profiles.md.</summary>
public sealed class ProfileReader
{
    /// <summary>A pattern that takes longer on one value is a mistake of the profile; the engine used is linear, so this is a second wall.</summary>
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 32 };

    private readonly List<ProfileProblem> _problems = [];
    private readonly IReadOnlyDictionary<string, IImportSchema> _schemas;

    private ProfileReader(IReadOnlyDictionary<string, IImportSchema> schemas) => _schemas = schemas;

    /// <param name="name">The profile's name: its file name without ending.</param>
    /// <param name="schemas">The kinds of record that can be imported, by <see cref="IImportSchema.Kind"/>.</param>
    /// <returns>The profile, or null with every problem found.</returns>
    public static (ImportProfile? Profile, IReadOnlyList<ProfileProblem> Problems) Read(string name, string json, IReadOnlyDictionary<string, IImportSchema> schemas)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Json);
            var reader = new ProfileReader(schemas);
            var profile = reader.Profile(name, new Node(document.RootElement, "", reader._problems));
            return reader._problems.Count == 0 ? (profile, []) : (null, reader._problems);
        }
        catch (JsonException fault)
        {
            return (null, [new("", $"line {fault.LineNumber + 1}: not valid JSON ({fault.Message.Split(" Path:", 2)[0]})")]);
        }
    }

    private ImportProfile Profile(string name, Node root)
    {
        var files = new Dictionary<string, ProfileFile>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, file) in root.Object("files", required: true)) { files[id] = File(file); }
        var sets = new List<RecordSet>();
        foreach (var node in root.Array("records", required: true))
        {
            if (Set(node, files) is not { } set) { continue; }
            if (sets.Any(s => s.Name.Equals(set.Name, StringComparison.OrdinalIgnoreCase))) { node.Problem($"'{set.Name}' is the name of an earlier record set"); }
            sets.Add(set);
        }
        var profile = new ImportProfile
        {
            Name = name,
            Title = Text(root, "title"),
            Source = root.String("source", required: true) ?? "",
            Files = files,
            Records = sets,
            NullWords = root.Strings("nullWords").ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
        if (profile.Source.Length > 60) { root.Problem("'source' has more than 60 letters"); }
        root.String("about");
        root.Closed();
        return profile;
    }

    private static ProfileFile File(Node node)
    {
        if (node.IsString) { return new(node.Text!, new SourceFormat()); }
        var columns = node.Strings("columns");
        var format = new SourceFormat
        {
            Encoding = node.String("encoding"),
            Delimiter = node.String("delimiter"),
            RowEnd = node.String("rowEnd"),
            Columns = columns.Count == 0 ? null : columns,
            HasHeader = node.Flag("header", columns.Count == 0),
            AllowShortRows = node.Flag("shortRows", false),
            NoQuotes = !node.Flag("quotes", true),
            Sheet = node.String("sheet"),
            SkipRows = node.Integer("skipRows", 0, 0, 1000),
        };
        if (format.RowEnd is { } end && !end.EndsWith('\n')) { node.Problem("'rowEnd' must end with a line break"); }
        if (format.Delimiter is { Length: > 16 or 0 }) { node.Problem("'delimiter' has 1 to 16 characters"); }
        var path = node.String("path", required: true) ?? "";
        if (path.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(path)) { node.Problem("'path' must lie inside the delivery"); }
        node.Closed();
        return new(path, format);
    }

    private RecordSet? Set(Node node, Dictionary<string, ProfileFile> files)
    {
        var name = node.String("name", required: true) ?? "";
        var kind = node.String("kind", required: true) ?? "";
        if (!_schemas.TryGetValue(kind, out var schema))
        {
            node.Problem($"there is no kind of record '{kind}'; there are {string.Join(", ", _schemas.Keys.Order(StringComparer.Ordinal))}");
            return null;
        }
        var file = node.String("file", required: true) ?? "";
        if (!files.ContainsKey(file)) { node.Problem($"'file' names '{file}', which is not among the files"); }
        var slots = new SlotMap();
        var joins = node.Array("joins").Select(j => Join(j, files, slots)).ToList();
        foreach (var twice in joins.GroupBy(j => j.Alias, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)) { node.Problem($"two joins are called '{twice.Key}'"); }
        var lets = Lets(node, joins, slots);
        var ignores = node.Array("ignore").Select(i => Ignore(i, slots)).ToList();
        var group = node.Child("group") is { } g ? Group(g, slots) : null;
        var groupSlots = slots;
        if (group is not null)
        {
            groupSlots = new SlotMap();
            foreach (var by in group.By.Concat(group.Firsts).Concat(group.Sums.Select(s => s.Name))) { groupSlots.Of(by); }
        }
        var known = groupSlots.Count;
        var ignoreGroups = node.Array("ignoreGroups").Select(i => Ignore(i, groupSlots)).ToList();
        if (ignoreGroups.Count > 0 && group is null) { node.Problem("'ignoreGroups' needs 'group'"); }
        var key = node.Child("key") is { } k ? Rule(k, groupSlots) : Missing(node, "key");
        var match = node.Strings("match");
        foreach (var by in match.Where(m => !schema.LookupFields.Contains(m) && !(schema.OnePerPlace && m == IImportSchema.Place))) { node.Problem($"'match' cannot use '{by}'; a {kind} is found by {Listed(schema.LookupFields)}"); }
        var fields = Fields(node, schema, groupSlots);
        if (group is not null)
        {
            foreach (var (unknown, _) in groupSlots.All.Where(s => s.Slot >= known)) { node.Problem($"'{unknown}' does not outlive the grouping: put it under 'by', 'sum' or 'first'"); }
        }
        var set = new RecordSet
        {
            Name = name, Schema = schema, File = file, Joins = joins, Lets = lets, Ignores = ignores, Group = group, IgnoreGroups = ignoreGroups, Key = key, Match = match,
            Fields = fields, Create = node.Flag("create", true), Update = node.Flag("update", true), Replace = node.Flag("replace", false), Slots = slots, GroupSlots = groupSlots,
        };
        if (set.Create)
        {
            foreach (var lacking in schema.Fields.Where(f => f.Required && fields.All(m => m.Field != f))) { node.Problem($"a {kind} needs the field '{lacking.Name}'"); }
        }
        node.String("about");
        node.Closed();
        return set;
    }

    private List<LetRule> Lets(Node set, List<ProfileJoin> joins, SlotMap slots)
    {
        var lets = new List<LetRule>();
        foreach (var (name, node) in set.Object("let"))
        {
            if (lets.Any(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) { node.Problem("the name is given twice"); }
            slots.Asked.Clear();
            var rule = Rule(node, slots);
            var after = slots.Asked.Any(a => joins.Any(j => j.Owns(a)) || lets.Any(l => l.AfterJoins && l.Name.Equals(a, StringComparison.OrdinalIgnoreCase)));
            lets.Add(new(name, slots.Of(name), rule, after));
        }
        foreach (var join in joins.Where(j => lets.Any(l => l.AfterJoins && l.Name.Equals(j.On, StringComparison.OrdinalIgnoreCase)))) { set.Problem($"the join '{join.Alias}' cannot use '{join.On}', which itself needs a join"); }
        return lets;
    }

    private static ValueRule Missing(Node node, string name)
    {
        node.Problem($"'{name}' is missing");
        return new ValueRule(new ConstantOrigin(null), []);
    }

    private static ProfileJoin Join(Node node, Dictionary<string, ProfileFile> files, SlotMap slots)
    {
        var file = node.String("file", required: true) ?? "";
        if (!files.ContainsKey(file)) { node.Problem($"'file' names '{file}', which is not among the files"); }
        var on = node.String("on", required: true) ?? "";
        slots.Of(on);
        var join = new ProfileJoin(file, node.String("as") ?? file, on, node.String("equals") ?? on, node.Flag("required", false));
        node.Closed();
        return join;
    }

    private IgnoreRule Ignore(Node node, SlotMap slots)
    {
        var conditions = node.Array("when", required: true).Select(c => Condition(c, slots)).ToList();
        var rule = new IgnoreRule(conditions, Text(node, "reason"));
        node.Closed();
        return rule;
    }

    private Condition Condition(Node node, SlotMap slots)
    {
        var column = node.String("column", required: true) ?? "";
        var not = node.Flag("not", false);
        Func<object?, bool>? test = null;
        var tests = 0;
        if (node.String("equals") is { } equal) { tests++; test = v => v is not null && Values.Text(v).Equals(equal, StringComparison.OrdinalIgnoreCase); }
        if (node.Strings("in") is { Count: > 0 } list)
        {
            tests++;
            var among = list.ToHashSet(StringComparer.OrdinalIgnoreCase);
            test = v => v is not null && among.Contains(Values.Text(v));
        }
        if (node.String("matches") is { } pattern && Pattern(node, pattern) is { } regex) { tests++; test = v => v is not null && Matches(regex, Values.Text(v)); }
        if (node.Child("empty") is { } empty) { tests++; test = empty.Truth() ? v => v is null : v => v is not null; }
        if (node.Number("below") is { } below) { tests++; test = v => Values.Number(v) is decimal n && n < below; }
        if (node.Number("above") is { } above) { tests++; test = v => Values.Number(v) is decimal n && n > above; }
        if (tests != 1) { node.Problem("a condition has exactly one of equals, in, matches, empty, below, above"); }
        node.Closed();
        return new Condition(slots.Of(column), test ?? (_ => false), not);
    }

    private static bool Matches(Regex regex, string text)
    {
        try { return regex.IsMatch(text); }
        catch (RegexMatchTimeoutException) { return false; }
    }

    private static GroupRule Group(Node node, SlotMap slots)
    {
        var by = node.Strings("by", required: true);
        var sums = new List<(string, string)>();
        foreach (var (name, of) in node.Object("sum"))
        {
            if (!of.IsString) { of.Problem("expected the name of a column"); continue; }
            sums.Add((name, of.Text!));
        }
        var firsts = node.Strings("first");
        foreach (var used in by.Concat(firsts).Concat(sums.Select(s => s.Item2))) { slots.Of(used); }
        node.Closed();
        return new(by, sums, firsts);
    }

    private List<FieldRule> Fields(Node set, IImportSchema schema, SlotMap slots)
    {
        var rules = new List<FieldRule>();
        foreach (var (name, node) in set.Object("fields", required: true))
        {
            var place = schema.Fields.ToList().FindIndex(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (place < 0)
            {
                node.Problem($"a {schema.Kind} has no field '{name}'; it has {Listed(schema.Fields.Select(f => f.Name))}");
                continue;
            }
            var field = schema.Fields[place];
            string? by = null;
            var missing = WhenMissing.Refuse;
            if (!node.IsString && field.Type is ImportFieldType.Reference)
            {
                by = node.String("by");
                if (by == "key") { by = null; }
                if (by is not null && _schemas.TryGetValue(field.Refers!, out var other) && !other.LookupFields.Contains(by))
                {
                    node.Problem($"a {field.Refers} is found by key, {Listed(other.LookupFields)}, not by '{by}'");
                }
                missing = node.Word("missing", ("refuse", WhenMissing.Refuse), ("empty", WhenMissing.Empty));
            }
            rules.Add(new(field, place, Rule(node, slots), by, missing));
        }
        return rules;
    }

    private ValueRule Rule(Node node, SlotMap slots)
    {
        if (node.IsString) { return new ValueRule(new ColumnOrigin(node.Text!, slots.Of(node.Text!)), []); }
        var origins = new List<ValueOrigin>();
        if (node.String("column") is { } column) { origins.Add(new ColumnOrigin(column, slots.Of(column))); }
        if (node.String("template") is { } template) { origins.Add(Template(node, template, slots)); }
        if (node.Child("constant") is { } constant) { origins.Add(new ConstantOrigin(constant.Scalar())); }
        if (node.Array("first") is { Count: > 0 } first) { origins.Add(new FirstOrigin(first.Select(f => Rule(f, slots)).ToList())); }
        if (origins.Count != 1) { node.Problem("a value has exactly one of column, template, constant, first"); }
        var steps = node.Array("steps").Select(Step).OfType<ValueStep>().ToList();
        node.Closed();
        return new ValueRule(origins.Count == 0 ? new ConstantOrigin(null) : origins[0], steps);
    }

    private static TemplateOrigin Template(Node node, string template, SlotMap slots)
    {
        var parts = new List<(string, int)>();
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
            {
                if (open >= 0) { node.Problem("a place in the template is not closed"); }
                parts.Add((template[at..], -1));
                break;
            }
            parts.Add((template[at..open], slots.Of(template[(open + 1)..close])));
            at = close + 1;
        }
        if (parts.All(p => p.Item2 < 0)) { node.Problem("the template has no place {column}; use a constant"); }
        return new TemplateOrigin(parts);
    }

    /// <summary>The steps that part whole names.</summary>
    public const string GivenName = "givenName", FamilyName = "familyName";

    private ValueStep? Step(Node node)
    {
        if (node.IsString)
        {
            switch (node.Text)
            {
                case "upper": return new TextStep(t => t.ToUpperInvariant());
                case "lower": return new TextStep(t => t.ToLowerInvariant());
                case "trim": return new TextStep(t => t.Trim());
                case "collapse": return new TextStep(Values.Collapse);
                case "week": return new PeriodStep(month: false);
                case "month": return new PeriodStep(month: true);
                case "negate": return new ArithmeticStep(n => -n);
                case "absolute": return new ArithmeticStep(Math.Abs);
                case GivenName: return new TextStep(t => WholeName.Part(t).Given);
                case FamilyName: return new TextStep(t => WholeName.Part(t).Family);
                default: node.Problem($"there is no step '{node.Text}'"); return null;
            }
        }
        ValueStep? step = null;
        if (node.Child("map") is not null)
        {
            var words = node.Object("map").ToDictionary(w => w.Name, w => w.Value.ScalarText(), StringComparer.OrdinalIgnoreCase);
            var otherwise = node.Child("otherwise")?.ScalarText();
            step = new MapStep(words, otherwise switch { null or "keep" => Unmapped.Keep, "refuse" => Unmapped.Refuse, "empty" => Unmapped.Empty, _ => Unmapped.Constant }, otherwise, node.Flag("each", false));
        }
        else if (node.String("replace") is { } replace) { step = Pattern(node, replace) is { } regex ? new ReplaceStep(regex, node.String("with") ?? "") : null; }
        else if (node.String("extract") is { } extract) { step = Pattern(node, extract) is { } regex ? new ExtractStep(regex) : null; }
        else if (node.String("split") is { } split) { step = new SplitStep(split, node.Integer("take", 0, -100, 100)); }
        else if (node.String("prefix") is { } prefix) { step = new TextStep(t => prefix + t); }
        else if (node.String("suffix") is { } suffix) { step = new TextStep(t => t + suffix); }
        else if (node.Strings("empty") is { Count: > 0 } empties)
        {
            var words = empties.ToHashSet(StringComparer.OrdinalIgnoreCase);
            step = new TextStep(t => words.Contains(t) ? null : t);
        }
        else if (node.Child("default") is { } value) { step = new DefaultStep(value.Scalar() ?? ""); }
        else if (node.Child("shorten") is not null)
        {
            var length = node.Integer("shorten", 1, 1, 10_000);
            step = new TextStep(t => t.Length <= length ? t : t[..length].TrimEnd());
        }
        else if (node.Child("padLeft") is not null)
        {
            var length = node.Integer("padLeft", 1, 1, 100);
            var with = node.String("with") is [var c] ? c : '0';
            step = new TextStep(t => t.PadLeft(length, with));
        }
        else if (node.String("number") is { } numbers) { step = Culture(node, numbers) is { } culture ? new NumberStep(culture) : null; }
        else if (node.Strings("date") is { Count: > 0 } formats) { step = Culture(node, node.String("culture") ?? "") is { } culture ? new DateStep([.. formats], culture) : null; }
        else if (node.Child("round") is not null)
        {
            var places = node.Integer("round", 0, 0, 4);
            step = new ArithmeticStep(n => Math.Round(n, places, MidpointRounding.AwayFromZero));
        }
        else if (node.Number("multiply") is { } factor) { step = new ArithmeticStep(n => n * factor); }
        else if (node.Number("add") is { } addend) { step = new ArithmeticStep(n => n + addend); }
        else if (node.String("xml") is { } element) { step = new XmlStep(element); }
        else { node.Problem("there is no such step"); return null; }
        node.Closed();
        return step;
    }

    private static Regex? Pattern(Node node, string pattern)
    {
        try { return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTimeout); }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            node.Problem($"the pattern '{pattern}' cannot be used: {fault.Message}");
            return null;
        }
    }

    private static CultureInfo? Culture(Node node, string name)
    {
        try { return CultureInfo.GetCultureInfo(name, predefinedOnly: true); }
        catch (CultureNotFoundException)
        {
            node.Problem($"there is no culture '{name}'");
            return null;
        }
    }

    private static ProfileText Text(Node node, string name)
    {
        if (node.Child(name) is not { } child) { node.Problem($"'{name}' is missing"); return new("", ""); }
        if (child.IsString) { return new(child.Text!, ""); }
        var text = new ProfileText(child.String("en", required: true) ?? "", child.String("zh-Hans") ?? "");
        child.Closed();
        return text;
    }

    private static string Listed(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>One JSON value with its path: takes what is known, and complains about the rest.</summary>
    private sealed class Node(JsonElement element, string path, List<ProfileProblem> problems)
    {
        private readonly HashSet<string> _known = [];

        public bool IsString => element.ValueKind is JsonValueKind.String;
        public string? Text => element.GetString();

        public void Problem(string problem) => problems.Add(new(path, problem));

        public Node? Child(string name)
        {
            _known.Add(name);
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(name, out var child) || child.ValueKind is JsonValueKind.Null) { return null; }
            return new Node(child, path.Length == 0 ? name : $"{path}.{name}", problems);
        }

        public string? String(string name, bool required = false)
        {
            var child = Child(name);
            if (child is null) { if (required) { Problem($"'{name}' is missing"); } return null; }
            if (child.IsString) { return child.Text; }
            child.Problem("expected text");
            return null;
        }

        public bool Flag(string name, bool otherwise) => Child(name)?.Truth() ?? otherwise;

        public bool Truth()
        {
            if (element.ValueKind is JsonValueKind.True or JsonValueKind.False) { return element.GetBoolean(); }
            Problem("expected true or false");
            return false;
        }

        public decimal? Number(string name)
        {
            if (Child(name) is not { } child) { return null; }
            if (child.Value() is decimal number) { return number; }
            child.Problem("expected a number");
            return null;
        }

        public int Integer(string name, int otherwise, int least, int most)
        {
            if (Number(name) is not { } number) { return otherwise; }
            if (number == decimal.Truncate(number) && number >= least && number <= most) { return (int)number; }
            Problem($"'{name}' must be a whole number from {least} to {most}");
            return otherwise;
        }

        public T Word<T>(string name, params (string Word, T Value)[] words)
        {
            if (String(name) is not { } given) { return words[0].Value; }
            foreach (var (word, value) in words) { if (word == given) { return value; } }
            Problem($"'{name}' must be one of {Listed(words.Select(w => w.Word))}");
            return words[0].Value;
        }

        public List<Node> Array(string name, bool required = false)
        {
            if (Child(name) is not { } child) { if (required) { Problem($"'{name}' is missing"); } return []; }
            return child.Items();
        }

        public List<string> Strings(string name, bool required = false)
        {
            if (Child(name) is not { } child) { if (required) { Problem($"'{name}' is missing"); } return []; }
            if (child.IsString) { return [child.Text!]; }
            var words = new List<string>();
            foreach (var item in child.Items()) { if (item.IsString) { words.Add(item.Text!); } else { item.Problem("expected text"); } }
            return words;
        }

        public List<(string Name, Node Value)> Object(string name, bool required = false)
        {
            if (Child(name) is not { } child) { if (required) { Problem($"'{name}' is missing"); } return []; }
            return child.Members();
        }

        /// <summary>Text, number, truth or nothing, as a row value.</summary>
        public object? Scalar()
        {
            if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array) { Problem("expected a single value"); return null; }
            return Value();
        }

        public string? ScalarText() => Scalar() is { } value ? Values.Text(value) : null;

        /// <summary>Complains about every member that nobody asked for: a misspelt word must not be silently without effect.</summary>
        public void Closed()
        {
            if (element.ValueKind is not JsonValueKind.Object) { Problem("expected an object"); return; }
            foreach (var member in element.EnumerateObject().Where(m => !_known.Contains(m.Name))) { Problem($"'{member.Name}' is not known here"); }
        }

        private object? Value() => element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number => element.TryGetDecimal(out var number) ? number : null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

        private List<Node> Items()
        {
            if (element.ValueKind is not JsonValueKind.Array) { Problem("expected a list"); return []; }
            return [.. element.EnumerateArray().Select((item, i) => new Node(item, $"{path}[{i}]", problems))];
        }

        private List<(string, Node)> Members()
        {
            if (element.ValueKind is not JsonValueKind.Object) { Problem("expected an object"); return []; }
            return [.. element.EnumerateObject().Select(m => (m.Name, new Node(m.Value, $"{path}.{m.Name}", problems)))];
        }
    }
}
