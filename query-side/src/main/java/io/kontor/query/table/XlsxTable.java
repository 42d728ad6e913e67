package io.kontor.query.table;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * Writes a workbook in Office Open XML. The first row is the heading; a table that is longer than a
 * sheet goes on in another with the same heading. A number that a spreadsheet would round is
 * written as text.
 */
public final class XlsxTable implements TableWriter {
  private static final int ROWS_OF_A_SHEET = 1_048_576;
  private static final int ROWS_IN_MEMORY = 500;

  /** A spreadsheet keeps numbers as binary floating point, exact to this many decimal digits. */
  private static final int EXACT_DIGITS = 15;

  private final Workbook workbook;
  private final String name;
  private final int rowsOfASheet;
  private @Nullable List<?> heading;
  private Worksheet sheet;
  private int sheets = 1;
  private int row;

  /**
   * @param name of the sheet, at most 20 characters
   */
  public XlsxTable(OutputStream out, String name) {
    this(out, name, ROWS_OF_A_SHEET);
  }

  XlsxTable(OutputStream out, String name, int rowsOfASheet) {
    this.workbook = new Workbook(out, "Kontor", null);
    this.name = name;
    this.rowsOfASheet = rowsOfASheet;
    this.sheet = workbook.newWorksheet(name);
  }

  @Override
  public void row(List<?> cells) throws IOException {
    if (heading == null) {
      heading = List.copyOf(cells);
    } else if (row == rowsOfASheet) {
      sheet.finish();
      sheets++;
      sheet = workbook.newWorksheet(name + " " + sheets);
      row = 0;
      write(heading);
    }
    write(cells);
  }

  private void write(List<?> cells) throws IOException {
    for (int column = 0; column < cells.size(); column++) {
      Object cell = cells.get(column);
      if (cell instanceof BigDecimal number && number.precision() <= EXACT_DIGITS) {
        sheet.value(row, column, number);
      } else {
        // not in the table of shared texts, which is kept in memory until the end
        sheet.inlineString(row, column, cell.toString());
      }
    }
    row++;
    if (row % ROWS_IN_MEMORY == 0) {
      sheet.flush();
    }
  }

  @Override
  public void end() throws IOException {
    sheet.finish();
    workbook.finish();
  }
}
