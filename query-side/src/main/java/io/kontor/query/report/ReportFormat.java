package io.kontor.query.report;

import io.kontor.query.table.CsvTable;
import io.kontor.query.table.TableWriter;
import io.kontor.query.table.XlsxTable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import org.springframework.http.MediaType;

/** The formats of a report. */
enum ReportFormat {
  CSV(ReportFormat.CSV_TYPE + ";charset=UTF-8") {
    @Override
    TableWriter table(OutputStream out, String name) throws IOException {
      return new CsvTable(out);
    }
  },
  XLSX(ReportFormat.XLSX_TYPE) {
    @Override
    TableWriter table(OutputStream out, String name) {
      return new XlsxTable(out, name);
    }
  };

  static final String CSV_TYPE = "text/csv";
  static final String XLSX_TYPE =
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  private final String mediaType;

  ReportFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  MediaType mediaType() {
    return MediaType.parseMediaType(mediaType);
  }

  String fileName(String report) {
    return report + "." + name().toLowerCase(Locale.ROOT);
  }

  abstract TableWriter table(OutputStream out, String name) throws IOException;
}
