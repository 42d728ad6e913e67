/** Tables for spreadsheets, written row by row. */
@NullMarked
package io.kontor.query.table;

import org.jspecify.annotations.NullMarked;
