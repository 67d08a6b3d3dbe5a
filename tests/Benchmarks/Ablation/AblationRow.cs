namespace CloudPipe.Benchmarks.Ablation;

/// <summary>A row of the tables.</summary>
/// <param name="Table">The table.</param>
/// <param name="Label">What is another than in the table's first row.</param>
/// <param name="Papers">What the papers did with it.</param>
/// <param name="Variant">Which training it is measured on.</param>
/// <param name="Measure">Which of that training's predictions.</param>
internal sealed record AblationRow(string Table, string Label, string Papers, string Variant, string Measure = AblationMeasure.Plain);
