/** Connections to the database, for the bank and its tools. No SQL statements. */
@NullMarked
package io.kontor.app.database;

import org.jspecify.annotations.NullMarked;
