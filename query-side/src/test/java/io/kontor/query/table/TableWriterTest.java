package io.kontor.query.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class TableWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void csvQuotesWhatWouldEndAFieldOrALine() throws IOException {
    TableWriter csv = new CsvTable(out);
    csv.row(List.of("owner", "balance"));
    csv.row(List.of("Zoë \"Z\", Ltd\r\nBerlin", new BigDecimal("-12.50")));
    csv.end();
    assertThat(out.toString(UTF_8))
        .isEqualTo("owner,balance\r\n\"Zoë \"\"Z\"\", Ltd\r\nBerlin\",-12.50\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          =1+1       | '=1+1
          +49 30     | '+49 30
          -12.50     | '-12.50
          @SUM(A1)   | '@SUM(A1)
          ` =1+1`    | `' =1+1`
          ＝1+1      | '＝1+1
          1+1=2      | 1+1=2
          a@b        | a@b
          ``         | ``
          """)
  void freeTextIsNoFormula(String text, String written) throws IOException {
    TableWriter csv = new CsvTable(out);
    csv.row(List.of("x", text));
    csv.end();
    assertThat(out.toString(UTF_8)).isEqualTo("x," + written + "\r\n");
  }

  @Test
  void aWorkbookHasNumbersAndTextsAndNoFormulas() throws IOException {
    TableWriter xlsx = new XlsxTable(out, "Accounts");
    xlsx.row(List.of("owner", "balance"));
    xlsx.row(List.of("=Zoë & <Co>", new BigDecimal("-0.10")));
    xlsx.row(List.of("", new BigDecimal("90000000000000.01")));
    xlsx.end();
    List<Row> rows = sheets().getFirst().read();
    assertThat(rows.get(1).getCell(0).getType()).isEqualTo(CellType.STRING);
    assertThat(rows.get(1).getCellText(0)).isEqualTo("=Zoë & <Co>");
    assertThat(rows.get(1).getCell(1).getType()).isEqualTo(CellType.NUMBER);
    assertThat(rows.get(1).getCell(1).asNumber()).isEqualByComparingTo("-0.10");
    assertThat(rows.get(2).getCell(1).getType()).as("would be rounded").isEqualTo(CellType.STRING);
    assertThat(rows.get(2).getCellText(1)).isEqualTo("90000000000000.01");
  }

  @Test
  void aTableLongerThanASheetGoesOnInAnotherWithTheHeading() throws IOException {
    TableWriter xlsx = new XlsxTable(out, "Accounts", 3);
    xlsx.row(List.of("n"));
    for (int n = 1; n <= 5; n++) {
      xlsx.row(List.of(Integer.toString(n)));
    }
    xlsx.end();
    List<List<String>> read = new ArrayList<>();
    for (Sheet sheet : sheets()) {
      read.add(sheet.read().stream().map(row -> row.getCellText(0)).toList());
    }
    assertThat(read)
        .containsExactly(List.of("n", "1", "2"), List.of("n", "3", "4"), List.of("n", "5"));
  }

  private List<Sheet> sheets() throws IOException {
    return new ReadableWorkbook(new ByteArrayInputStream(out.toByteArray())).getSheets().toList();
  }
}
