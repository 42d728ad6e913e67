/** How the database is connected to, by the bank and by its tools. No statement is in here. */
@NullMarked
package io.kontor.app.database;

import org.jspecify.annotations.NullMarked;
