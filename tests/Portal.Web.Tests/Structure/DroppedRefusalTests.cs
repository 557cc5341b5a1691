using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Portal.Domain.Common;
using Xunit;

namespace Portal.Web.Tests.Structure;

/// <summary>A returned refusal is read: the compiled code holds no call whose refusal is thrown away.</summary>
public sealed class DroppedRefusalTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => unchecked((ushort)c.Value));

    public static TheoryData<string> Projects => ["Portal.Domain", "Portal.Reports", "Portal.Web"];

    [Theory, MemberData(nameof(Projects))]
    public void No_refusal_is_dropped(string project)
    {
        var dropped = Assembly.Load(project).GetTypes().SelectMany(t => t.GetMethods(Everything).Cast<MethodBase>().Concat(t.GetConstructors(Everything)))
            .SelectMany(Dropped).Order(StringComparer.Ordinal).ToList();
        Assert.Empty(dropped);
    }

    [Fact]
    public void The_search_finds_what_is_dropped()
    {
        var own = typeof(Careless).GetMethods(Everything).SelectMany(Dropped).Concat(typeof(Careless).GetNestedTypes(Everything).SelectMany(t => t.GetMethods(Everything)).SelectMany(Dropped)).ToList();
        Assert.Equal(3, own.Count);
    }

    private static IEnumerable<string> Dropped(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code) { yield break; }
        string? waiting = null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == 0xFE ? (ushort)(0xFE00 | code[at + 1]) : code[at];
            var instruction = Codes[value];
            at += instruction.Size;
            if (instruction == OpCodes.Pop && waiting is not null) { yield return $"{method.DeclaringType?.FullName}.{method.Name} drops the refusal of {waiting}"; }
            if (instruction != OpCodes.Nop) { waiting = null; }
            if (instruction == OpCodes.Call || instruction == OpCodes.Callvirt) { waiting = RefusalOf(method, BitConverter.ToInt32(code, at)); }
            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    /// <returns>The name of the method called, where it can refuse; for an awaited one, of its result.</returns>
    private static string? RefusalOf(MethodBase caller, int token)
    {
        var typeArguments = caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var methodArguments = caller.IsGenericMethod ? caller.GetGenericArguments() : null;
        if (caller.Module.ResolveMethod(token, typeArguments, methodArguments) is not MethodInfo called) { return null; }
        var awaiter = called.DeclaringType is { IsGenericType: true } declaring && called.Name == "GetResult" && declaring.GetGenericTypeDefinition() is var open
            && (open == typeof(TaskAwaiter<>) || open == typeof(ValueTaskAwaiter<>) || open == typeof(ConfiguredTaskAwaitable<>.ConfiguredTaskAwaiter));
        var answer = awaiter ? called.DeclaringType!.GetGenericArguments()[0] : called.ReturnType;
        if (!awaiter && answer is { IsGenericType: true } task && (task.GetGenericTypeDefinition() == typeof(Task<>) || task.GetGenericTypeDefinition() == typeof(ValueTask<>))) { answer = task.GetGenericArguments()[0]; }
        return CanRefuse(answer) ? $"{called.DeclaringType?.Name}.{called.Name}" : null;
    }

    private static bool CanRefuse(Type type) => type == typeof(Refusal) || type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(Result<>);

    private static class Careless
    {
        public static Refusal? Refuse() => new("a.b");
        public static Task<Result<int>> RefuseAsync() => Task.FromResult<Result<int>>(new Refusal("a.b"));
        public static void Drops() => Refuse();
        public static async Task DropsAwaitedAsync() => await RefuseAsync();
        public static void DropsTask() => _ = RefuseAsync();
        public static bool Reads() => Refuse() is null;
    }
}
