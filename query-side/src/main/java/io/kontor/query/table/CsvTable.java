package io.kontor.query.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes CSV (RFC 4180) in UTF-8. Free text that a spreadsheet would run as a formula gets an
 * apostrophe in front, which spreadsheets take for "this is text" and other readers have to remove.
 */
public final class CsvTable implements TableWriter {
  /** The first characters of formulas, in their full-width forms as well. */
  private static final String FORMULA = "=+-@\uFF1D\uFF0B\uFF0D\uFF20";

  private final CSVPrinter printer;

  public CsvTable(OutputStream out) throws IOException {
    printer =
        new CSVPrinter(new BufferedWriter(new OutputStreamWriter(out, UTF_8)), CSVFormat.RFC4180);
  }

  @Override
  public void row(List<?> cells) throws IOException {
    printer.printRecord(cells.stream().map(CsvTable::text));
  }

  private static String text(Object cell) {
    return switch (cell) {
      case BigDecimal number -> number.toPlainString();
      case String free -> isFormula(free) ? "'" + free : free;
      default -> cell.toString();
    };
  }

  private static boolean isFormula(String free) {
    String shown = free.strip();
    return !shown.isEmpty() && FORMULA.indexOf(shown.charAt(0)) >= 0;
  }

  @Override
  public void end() throws IOException {
    printer.flush();
  }
}
