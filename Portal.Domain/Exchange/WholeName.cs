namespace Portal.Domain.Exchange;

/// <summary>
/// Parts the whole name of a person. What stands before a comma is the family name; Chinese names begin with it, by one sign or by two where the two are a known
/// family name; others end with it, together with the small words before it (<c>van der Berg</c>). A guess, as any such rule: who knows better keeps two columns.
/// </summary>
public static class WholeName
{
    /// <summary>Family names of two signs that are in use.</summary>
    private static readonly HashSet<string> s_twoSigns =
    [
        "欧阳", "上官", "皇甫", "令狐", "诸葛", "司徒", "司马", "申屠", "夏侯", "贺兰", "完颜", "慕容", "尉迟", "长孙", "宇文", "公孙", "端木", "东方", "独孤", "南宫", "轩辕", "澹台", "淳于", "钟离", "闻人", "百里", "呼延",
    ];

    /// <returns>The given name is null where there is only one word.</returns>
    public static (string? Given, string Family) Part(string name)
    {
        name = Values.Collapse(name) ?? "";
        if (name.IndexOfAny([',', '，']) is > 0 and var comma && name[(comma + 1)..].Trim() is { Length: > 0 } after) { return (after, name[..comma].TrimEnd()); }
        if (name.Length is >= 2 and <= 5 && name.All(IsHan))
        {
            var signs = name.Length > 2 && s_twoSigns.Contains(name[..2]) ? 2 : 1;
            return (name[signs..], name[..signs]);
        }
        var words = name.Split(' ');
        var family = words.Length - 1;
        while (family > 1 && char.IsLower(words[family - 1][0])) { family--; }
        return family <= 0 ? (null, name) : (string.Join(' ', words[..family]), string.Join(' ', words[family..]));
    }

    private static bool IsHan(char sign) => sign is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf';
}
