import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

const only = (name, ...allowed) => ({ sourceTag: `scope:${name}`, onlyDependOnLibsWithTags: allowed.map((a) => `scope:${a}`) });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.backstep*/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: [] } } },
  },
);
