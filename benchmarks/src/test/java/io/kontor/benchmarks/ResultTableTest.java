package io.kontor.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("fast")
class ResultTableTest {
  private final ResultTable table = new ResultTable();

  @BeforeEach
  void addRows() {
    table.add(
        "d", "deposits", new Result(4000, 1.5, 9, 21, 1.25, 1.0, 1.5, 0.4, "steady after 9 s"));
    table.add("r1", "rebuilt", Result.rate(40_000, ""));
  }

  @Test
  void theFileHasAMemberForEachRowAndLeavesOutWhatItDidNotMeasure(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("figures.json");
    table.writeTo(file);

    assertThat(Files.readString(file))
        .isEqualTo(
            """
            {"d":{"perSecond":4000.0,"p50Ms":1.5,"p99Ms":9.0,"p999Ms":21.0,"ratio":1.25,\
            "ratioMin":1.0,"ratioMax":1.5,"cpuMsPerOp":0.4,"note":"steady after 9 s"},\
            "r1":{"perSecond":40000.0,"p50Ms":0.0,"p99Ms":0.0,"p999Ms":0.0,"note":""}}""");
  }

  @Test
  void theTableShowsRatioRangeAndProcessorTime() {
    var out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, StandardCharsets.UTF_8));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("4000", "1.25", "1.00 to 1.50", "0.400", "deposits (steady after 9 s)")
        .contains("40000", "rebuilt\n")
        .doesNotContain("0.000");
  }
}
