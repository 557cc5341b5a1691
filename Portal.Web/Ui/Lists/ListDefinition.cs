using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Domain.Common;
using Portal.Domain.Persistence;

namespace Portal.Web.Ui.Lists;

/// <summary>A declared sort order; its key may differ from what the column shows.</summary>
/// <param name="IsShown">The column of the same key shows this very value: where it is shown, the value is read once.</param>
public sealed record ListSort(string Key, LambdaExpression Value, bool IsShown = false);

/// <summary>A field of a bulk act: a record to choose, or words.</summary>
/// <param name="Label">Key in the area's words.</param>
/// <param name="LookUp">The name of a registered look-up; null for words.</param>
public sealed record BulkInput(string Name, string Label, string? LookUp = null)
{
    /// <summary>Letters of words at most.</summary>
    public int Longest { get; init; } = 400;
}

/// <summary>An act on chosen rows: posted to a handler of the page with the fields <c>ids</c>.</summary>
/// <param name="Text">Key in the area's words.</param>
/// <param name="Handler">The page's handler: <c>BulkOwner</c> for <c>OnPostBulkOwnerAsync</c>.</param>
/// <param name="Permission">Who gets the button; the handler checks again.</param>
/// <param name="Inputs">The fields that the act needs, as properties of the page.</param>
/// <param name="Confirm">Text key of the question to ask once; null for acts that can be undone.</param>
public sealed record BulkAction(string Text, string Handler, string Permission, IReadOnlyList<BulkInput>? Inputs = null, string? Confirm = null);

/// <summary>What a list shows before anything is in it: why it is worth filling and where to begin.</summary>
/// <param name="ActionPath">Null where the reader can only wait.</param>
public sealed record EmptyList(string Icon, string Text, string? ActionText = null, string? ActionPath = null, string ActionPermission = "");

/// <summary>A list as its page declares it, once, in a static field: everything that can be worked out beforehand is.</summary>
public abstract class ListDefinition
{
    private protected ListDefinition(string key, string words, Type textType) => (Key, Words, TextType) = (key, words, textType);

    /// <summary>A list over records as they are: for staff pages whose readers may see every field.</summary>
    /// <typeparam name="TText">The area's words; column <c>name</c> is called <c>{words}.name</c>.</typeparam>
    /// <param name="key">Names the list in saved views and files; never changed afterwards.</param>
    public static ListDefinition<TEntity, TEntity> Of<TEntity, TText>(string key, string words) where TEntity : class =>
        new(key, words, typeof(TText), row => row);

    /// <summary>A list over a read model: columns and filters can use nothing that the read model lacks.</summary>
    /// <param name="readModel">A constructor call or object initializer over the entity; only the parts that are shown reach the database.</param>
    public static ListDefinition<TEntity, TRow> Of<TEntity, TRow, TText>(string key, string words, Expression<Func<TEntity, TRow>> readModel) where TEntity : class =>
        new(key, words, typeof(TText), readModel);

    public string Key { get; }
    public string Words { get; }
    public Type TextType { get; }
    public IReadOnlyList<ListColumn> Columns => ColumnList;
    public IReadOnlyList<ListFilter> Filters => FilterList;
    /// <summary>The filters of the panel.</summary>
    public IReadOnlyList<ListFilter> Fields => FieldList;
    public bool HasSearch { get; private set; }
    public IReadOnlyDictionary<string, ListSort> Sorts => SortByKey;
    public IReadOnlyList<BulkAction> BulkActions => BulkList;
    public string DefaultSort { get; private protected set; } = "";
    public string? RowPath { get; private protected set; }
    public EmptyList? Empty { get; private protected set; }

    /// <summary>Rows on a page: 50, enough to scan and few enough to write at once.</summary>
    public int PageSize { get; private protected set; } = 50;

    /// <summary>On a phone a row is a few lines of running text instead of a card with a line for each value.</summary>
    public bool AreRowsBrief { get; private protected set; }

    /// <summary>Takes the reader's last bulk change back; null where none can be.</summary>
    internal string? UndoHandler { get; private protected set; }
    internal string UndoCookie => field ??= "portal-undo-" + Key;

    /// <summary>Null where no column names records by their numbers.</summary>
    internal AskNames? AskNames { get; private protected set; }

    private protected List<ListColumn> ColumnList { get; } = [];
    private protected List<ListFilter> FilterList { get; } = [];
    private List<ListFilter> FieldList { get; } = [];
    private readonly ConcurrentDictionary<(object Part, string Language), string> _kept = new();
    private protected Dictionary<string, ListSort> SortByKey { get; } = new(StringComparer.Ordinal);
    private protected List<BulkAction> BulkList { get; } = [];

    public bool IsFilterName(string name) => FilterList.Any(f => f.Names.Contains(name));

    /// <summary>A part of the list's HTML that depends on nothing but the list and the language: written once.</summary>
    internal string Kept(object part, HtmlWriting to, Action<HtmlWriting> write)
    {
        var place = (part, CultureInfo.CurrentUICulture.Name);
        if (_kept.TryGetValue(place, out var kept)) { return kept; }
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        write(to with { Writer = text });
        return _kept.GetOrAdd(place, text.ToString());
    }

    private protected void AddFilter(ListFilter filter)
    {
        if (FilterList.Any(f => f.Key == filter.Key)) { throw new InvalidOperationException($"List {Key} has two filters {filter.Key}"); }
        FilterList.Add(filter);
        HasSearch |= filter is SearchFilter;
        if (filter.HasField) { FieldList.Add(filter); }
    }

    internal abstract LambdaExpression IdOf { get; }
    internal abstract Type EntityType { get; }

    /// <summary>Builds an expression over the entity from one over the row.</summary>
    internal abstract Expression Over(ParameterExpression entity, LambdaExpression overRow, params Expression[] more);
}

/// <inheritdoc/>
/// <typeparam name="TRow">What the reader may see of it; the entity itself for staff lists.</typeparam>
public sealed class ListDefinition<TEntity, TRow> : ListDefinition where TEntity : class
{
    private readonly Expression<Func<TEntity, TRow>> _readModel;
    private LambdaExpression? _id;

    internal ListDefinition(string key, string words, Type textType, Expression<Func<TEntity, TRow>> readModel) : base(key, words, textType) =>
        _readModel = readModel;

    internal override Type EntityType => typeof(TEntity);

    internal override LambdaExpression IdOf => _id ??= IdByName();

    public ListDefinition<TEntity, TRow> Id(Expression<Func<TRow, long>> id) { _id = id; return this; }

    /// <summary>Where a row leads; the first column carries the link. <c>{id}</c> stands for the row's id.</summary>
    public ListDefinition<TEntity, TRow> Row(string path) { RowPath = path; return this; }

    /// <param name="shown">False for a column that readers add themselves.</param>
    /// <param name="sort">Makes the column sortable by this value: the normalized form of a name, the position of a stage.</param>
    public ListDefinition<TEntity, TRow> Text(string key, Expression<Func<TRow, string?>> value, bool shown = true, Expression<Func<TRow, object?>>? sort = null) =>
        Add(new TextColumn(key, TextKey(key), shown, value), sort);

    /// <summary>An e-mail address, to write to.</summary>
    public ListDefinition<TEntity, TRow> Mail(string key, Expression<Func<TRow, string?>> value, bool shown = true) => Add(new ReachColumn(key, TextKey(key), shown, value, "mailto:"), null);

    /// <summary>A telephone number, to call.</summary>
    public ListDefinition<TEntity, TRow> Phone(string key, Expression<Func<TRow, string?>> value, bool shown = true) => Add(new ReachColumn(key, TextKey(key), shown, value, "tel:"), null);

    /// <summary>A unit of measure, in words.</summary>
    public ListDefinition<TEntity, TRow> Unit(string key, Expression<Func<TRow, string?>> code, bool shown = true) => Add(new UnitColumn(key, TextKey(key), shown, code), null);

    /// <param name="form">Turns what is kept into what is read.</param>
    public ListDefinition<TEntity, TRow> Formed(string key, Expression<Func<TRow, string?>> value, Func<string, string> form, bool shown = true) =>
        Add(new FormedColumn(key, TextKey(key), shown, value, form), null);

    /// <summary>A record of any kind, by the name that <see cref="Named(Lists.AskNames)"/> finds for its number.</summary>
    public ListDefinition<TEntity, TRow> Record(string key, Expression<Func<TRow, long>> id, bool shown = true) => Add(new RecordColumn(key, TextKey(key), shown, id), null);

    /// <summary>Text in which records are kept as numbers, written with the names that <see cref="Named(Lists.AskNames)"/> finds.</summary>
    /// <param name="form">Turns what is kept into what is read, with instants in the reader's time zone.</param>
    public ListDefinition<TEntity, TRow> Naming(string key, Expression<Func<TRow, string?>> value, Func<string, TimeZoneInfo, string> form, bool shown = true) =>
        Add(new NamingColumn(key, TextKey(key), shown, value, form), null);

    /// <summary>What records are called that rows hold the numbers of: asked once for a page, once for every 10,000 rows of a file.</summary>
    public ListDefinition<TEntity, TRow> Named(AskNames ask) { AskNames = ask; return this; }

    /// <summary>Text that leads to another record, where the id is given.</summary>
    public ListDefinition<TEntity, TRow> Link(string key, Expression<Func<TRow, string?>> value, Expression<Func<TRow, long?>> target, string path,
        bool shown = true, Expression<Func<TRow, object?>>? sort = null) =>
        Add(new LinkColumn(key, TextKey(key), shown, value, target, path), sort);

    /// <summary>A name that the house keeps in both languages, shown in the reader's.</summary>
    /// <param name="chinese">Where it is empty the other one is shown.</param>
    public ListDefinition<TEntity, TRow> Named(string key, Expression<Func<TRow, string?>> name, Expression<Func<TRow, string?>> chinese, bool shown = true) =>
        Add(new NamedColumn(key, TextKey(key), shown, name, chinese), null);

    /// <param name="sortable">Sorts by the value itself.</param>
    public ListDefinition<TEntity, TRow> Number<TNumber>(string key, Expression<Func<TRow, TNumber>> value, bool shown = true, bool sortable = false, string? unit = null) =>
        Add(new NumberColumn(key, TextKey(key), shown, value, unit), sortable ? value : null);

    /// <param name="sortable">Sorts by the bare amount: sensible where a list has one currency.</param>
    public ListDefinition<TEntity, TRow> Money(string key, Expression<Func<TRow, decimal?>> amount, Expression<Func<TRow, string?>> currency, bool shown = true, bool sortable = false) =>
        Add(new MoneyColumn(key, TextKey(key), shown, amount, currency), sortable ? amount : null);

    public ListDefinition<TEntity, TRow> Date(string key, Expression<Func<TRow, DateOnly?>> value, bool shown = true, bool sortable = false) =>
        Add(new DateColumn(key, TextKey(key), shown, value), sortable ? value : null);

    public ListDefinition<TEntity, TRow> Instant(string key, Expression<Func<TRow, DateTimeOffset?>> value, bool shown = true, bool sortable = false) =>
        Add(new InstantColumn(key, TextKey(key), shown, value), sortable ? value : null);

    /// <summary>An enum as a word with a tone. Its words are <c>{enum-name}.{value}</c> in the area's texts.</summary>
    /// <param name="labelled">On a phone, where a state stands alone, this one would not say what it is of.</param>
    public ListDefinition<TEntity, TRow> Badge<TEnum>(string key, Expression<Func<TRow, TEnum>> value, Func<TEnum, Tone>? tone = null, bool shown = true,
        Expression<Func<TRow, object?>>? sort = null, bool labelled = false) where TEnum : struct, Enum =>
        Add(new BadgeColumn(key, TextKey(key), shown, value, tone is null ? static _ => Tone.Plain : state => tone((TEnum)state), labelled), sort);

    /// <summary>Those of several words that hold for the row: the roles of a company.</summary>
    public ListDefinition<TEntity, TRow> Several<TEnum>(string key, bool shown, params (TEnum Word, Expression<Func<TRow, bool>> Holds)[] words) where TEnum : struct, Enum =>
        Add(new WordsColumn(key, TextKey(key), shown, [.. words.Select(w => (Enum)w.Word)], [.. words.Select(w => w.Holds)]), null);

    /// <param name="otherwise">Key of the words for what is not so, where yes is the usual answer: <c>person.inactive</c>.</param>
    public ListDefinition<TEntity, TRow> YesNo(string key, Expression<Func<TRow, bool>> value, bool shown = true, string? otherwise = null) =>
        Add(new YesNoColumn(key, TextKey(key), shown, value, otherwise), null);

    /// <summary>The search field. The words reach the condition as <paramref name="normalize"/> makes them.</summary>
    public ListDefinition<TEntity, TRow> Search(Expression<Func<TRow, string, bool>> condition, Func<string, string>? normalize = null) =>
        Add(new SearchFilter(condition, normalize ?? (static words => words)));

    /// <summary>The search field over the engine's full-text index: <c>(db, words) => db.Products.Matching(db, words)</c>.</summary>
    public ListDefinition<TEntity, TRow> Search(Func<PortalDbContext, string, IQueryable<TEntity>> matching) => Search((DbContext db, string words) => matching((PortalDbContext)db, words));

    public ListDefinition<TEntity, TRow> Search(Func<DbContext, string, IQueryable<TEntity>> matching) => Add(new SearchFilter(matching));

    public ListDefinition<TEntity, TRow> Choice<TEnum>(string key, Expression<Func<TRow, TEnum>> value) => Add(new ChoiceFilter(key, TextKey(key), value));

    /// <summary>One of a few words, each a condition of its own.</summary>
    public ListDefinition<TEntity, TRow> Cases<TEnum>(string key, params (TEnum Option, Expression<Func<TRow, bool>> Condition)[] cases) where TEnum : struct, Enum =>
        Add(new CaseFilter(key, TextKey(key), [.. cases.Select(c => ((Enum)c.Option, (LambdaExpression)c.Condition))]));

    /// <param name="options">Codes with their names in the reader's language; null lets the reader type the word.</param>
    public ListDefinition<TEntity, TRow> Word(string key, Expression<Func<TRow, string?>> value, Func<IReadOnlyList<(string Code, string Name)>>? options = null) =>
        Add(new WordFilter(key, TextKey(key), value, options));

    /// <param name="lookUp">Name of a registered <see cref="Forms.ILookUp"/>.</param>
    public ListDefinition<TEntity, TRow> LookUp(string key, Expression<Func<TRow, long?>> value, string lookUp) => Add(new LookUpFilter(key, TextKey(key), value, lookUp));

    /// <summary>A look-up for what is not a column: <c>LookUp("supplier", (product, id) => Seen.Of&lt;SupplierItem&gt;().Any(i => …), "supplier")</c>.</summary>
    public ListDefinition<TEntity, TRow> LookUp(string key, Expression<Func<TRow, long, bool>> condition, string lookUp) => Add(new LookUpFilter(key, TextKey(key), condition, lookUp));

    public ListDefinition<TEntity, TRow> DateRange(string key, Expression<Func<TRow, DateOnly?>> value) => Add(new RangeFilter(key, TextKey(key), value, RangeKind.Date));

    public ListDefinition<TEntity, TRow> InstantRange(string key, Expression<Func<TRow, DateTimeOffset?>> value) => Add(new RangeFilter(key, TextKey(key), value, RangeKind.Instant));

    public ListDefinition<TEntity, TRow> NumberRange<TNumber>(string key, Expression<Func<TRow, TNumber>> value) => Add(new RangeFilter(key, TextKey(key), value, RangeKind.Number));

    public ListDefinition<TEntity, TRow> Flag(string key, Expression<Func<TRow, bool>> condition) => Add(new FlagFilter(key, TextKey(key), condition, null));

    /// <summary>A flag about the reader: <c>Flag("mine", (row, me) => row.OwnerId == me, viewer => viewer.PersonId)</c>.</summary>
    public ListDefinition<TEntity, TRow> Flag<TValue>(string key, Expression<Func<TRow, TValue, bool>> condition, Func<Viewer, TValue> about) where TValue : notnull =>
        Add(new FlagFilter(key, TextKey(key), condition, viewer => about(viewer)));

    /// <summary>A condition over every use of the list, whatever the reader filters. It is no right: rights are the scope's.</summary>
    public ListDefinition<TEntity, TRow> Only(Expression<Func<TEntity, bool>> condition) { Conditions.Add(condition); return this; }

    /// <summary>A condition whose value the page gives to RunAsync, in the order of declaration.</summary>
    public ListDefinition<TEntity, TRow> Given<TValue>(string key, Expression<Func<TRow, TValue, bool>> condition) where TValue : notnull => Add(new GivenFilter(key, condition));

    /// <param name="sort">Key of a sortable column.</param>
    public ListDefinition<TEntity, TRow> OrderBy(string sort) => Order(sort, "");

    /// <param name="sort">Key of a sortable column.</param>
    public ListDefinition<TEntity, TRow> OrderByDescending(string sort) => Order(sort, "-");

    public ListDefinition<TEntity, TRow> Bulk(BulkAction action) { BulkList.Add(action); return this; }

    /// <summary>What a bulk act changed can be taken back for a day, on the list itself.</summary>
    /// <param name="handler">The page's handler: <c>Undo</c> for <c>OnPostUndoAsync</c>.</param>
    public ListDefinition<TEntity, TRow> Undo(string handler) { UndoHandler = handler; return this; }

    public ListDefinition<TEntity, TRow> WhenEmpty(EmptyList empty) { Empty = empty; return this; }

    /// <summary>For trails, whose rows are many and of little weight: on a phone each is three lines at most, and the rest stands on its own page.</summary>
    public ListDefinition<TEntity, TRow> Brief() { AreRowsBrief = true; return this; }

    public ListDefinition<TEntity, TRow> Pages(int rows) { PageSize = rows; return this; }

    internal List<Expression<Func<TEntity, bool>>> Conditions { get; } = [];

    internal override Expression Over(ParameterExpression entity, LambdaExpression overRow, params Expression[] more)
    {
        var row = new Replacing(_readModel.Parameters[0], entity).Visit(_readModel.Body)!;
        var body = new Inlining(overRow.Parameters[0], row).Visit(overRow.Body)!;
        for (var i = 0; i < more.Length; i++) { body = new Replacing(overRow.Parameters[i + 1], more[i]).Visit(body)!; }
        return body;
    }

    /// <summary>A list over the same rows, to declare more columns of them.</summary>
    internal ListDefinition<TEntity, TRow> Beside() => new(Key, Words, TextType, _readModel);

    internal Expression OverEntity(ParameterExpression entity, Expression<Func<TEntity, bool>> condition) =>
        new Replacing(condition.Parameters[0], entity).Visit(condition.Body)!;

    private string TextKey(string key) => $"{Words}.{key}";

    private ListDefinition<TEntity, TRow> Add(ListColumn column, LambdaExpression? sort)
    {
        if (ColumnList.Any(c => c.Key == column.Key)) { throw new InvalidOperationException($"List {Key} has two columns {column.Key}"); }
        ColumnList.Add(column);
        if (sort is null) { return this; }
        var body = sort.Body is UnaryExpression { NodeType: ExpressionType.Convert } boxed && boxed.Type == typeof(object) ? boxed.Operand : sort.Body;
        // A column made nullable for its signature is compared as what it is: a bound on a bare column is what an index answers.
        if (body is UnaryExpression { NodeType: ExpressionType.Convert } lifted && Nullable.GetUnderlyingType(lifted.Type) == lifted.Operand.Type) { body = lifted.Operand; }
        var value = Expression.Lambda(body, sort.Parameters);
        if (!KeyPaging.CanSort(value.ReturnType)) { throw new InvalidOperationException($"List {Key} cannot sort {column.Key} by {value.ReturnType.Name}"); }
        SortByKey.Add(column.Key, new(column.Key, value, sort == column.Slots[0]));
        return this;
    }

    private ListDefinition<TEntity, TRow> Add(ListFilter filter)
    {
        AddFilter(filter);
        return this;
    }

    private ListDefinition<TEntity, TRow> Order(string sort, string direction)
    {
        if (!SortByKey.ContainsKey(sort)) { throw new InvalidOperationException($"List {Key} has no sortable column {sort}"); }
        DefaultSort = direction + sort;
        return this;
    }

    private static LambdaExpression IdByName()
    {
        var row = Expression.Parameter(typeof(TRow), "row");
        return Expression.Lambda(Expression.Property(row, "Id"), row);
    }

    private sealed class Replacing(Expression what, Expression with) : ExpressionVisitor
    {
        public override Expression? Visit(Expression? node) => node == what ? with : base.Visit(node);
    }

    /// <summary>Reads a member of a read model as the expression that fills it, so that nothing unused is selected.</summary>
    private sealed class Inlining(ParameterExpression row, Expression with) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == row ? with : node;

        protected override Expression VisitMember(MemberExpression node)
        {
            var from = Visit(node.Expression);
            return from switch
            {
                NewExpression made when Argument(made, node.Member.Name) is { } argument => argument,
                MemberInitExpression made when made.Bindings.OfType<MemberAssignment>().FirstOrDefault(b => b.Member.Name == node.Member.Name) is { } set => set.Expression,
                MemberInitExpression made when Argument(made.NewExpression, node.Member.Name) is { } argument => argument,
                _ => node.Update(from),
            };
        }

        private static Expression? Argument(NewExpression made, string member)
        {
            var parameters = made.Constructor?.GetParameters() ?? [];
            var at = Array.FindIndex(parameters, p => string.Equals(p.Name, member, StringComparison.OrdinalIgnoreCase));
            return at < 0 ? null : made.Arguments[at];
        }
    }
}
