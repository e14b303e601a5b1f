using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Mainstay.Analyzers;

/// <summary>
/// Withdraws CS8509 where a switch expression handles every case of a closed hierarchy. The compiler cannot know that nobody else may
/// derive from the base, so it would ask for a default arm, and a default arm would hide the case that is added next year (C1).
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClosedHierarchySuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor AllCasesHandled = new(
        "MAINSTAY0001", "CS8509", "Every case of the closed hierarchy is handled.");

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = ImmutableArray.Create(AllCasesHandled);

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            var root = tree.GetRoot(context.CancellationToken);
            var syntax = root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?.FirstAncestorOrSelf<SwitchExpressionSyntax>();
            if (syntax is null)
                continue;
            var model = context.GetSemanticModel(tree);
            if (model.GetOperation(syntax, context.CancellationToken) is not ISwitchExpressionOperation operation)
                continue;
            var governing = model.GetTypeInfo(syntax.GoverningExpression, context.CancellationToken);
            if (governing.Type is not { } type)
                continue;
            var mayBeNull = governing.Nullability.FlowState == NullableFlowState.MaybeNull;
            var arms = operation.Arms.Select(arm => new SwitchArm(arm.Pattern, HasGuard(arm))).ToImmutableArray();
            if (new SwitchCoverage(arms).IsComplete(type, mayBeNull))
                context.ReportSuppression(Suppression.Create(AllCasesHandled, diagnostic));
        }
    }

    private static bool HasGuard(ISwitchExpressionArmOperation arm) =>
        arm.Guard is { } guard && guard.ConstantValue is not { HasValue: true, Value: true };
}
