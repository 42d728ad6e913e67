/** Reports: lists of the bank as files for spreadsheets. */
@NullMarked
package io.kontor.query.report;

import org.jspecify.annotations.NullMarked;
