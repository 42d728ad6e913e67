/**
 * The command line's tools for operators. They work on the bank's database, whether the bank runs
 * or not. Nothing here serves requests.
 */
@NullMarked
package io.kontor.app.cli;

import org.jspecify.annotations.NullMarked;
